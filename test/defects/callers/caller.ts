/** Who sent a request: the credential, and the user whose it is. */
export interface Caller {
  key: string;
  user: string;
}
