/** Who sent a request: the credential and the user it belongs to. */
export interface Caller {
  key: string;
  user: string;
}
