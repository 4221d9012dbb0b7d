/** A scenario that can't judge a service with this contract. */
export interface Skipped {
  name: string;
  /** The subject that is not judged if it is skipped, in a few words. */
  judges: string;
  /** The promise that the contract lacks. */
  skipped: string;
}
