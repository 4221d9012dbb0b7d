/** A scenario that can't judge a service with this contract. */
export interface Skipped {
  name: string;
  /** What is not judged without it, in a few words. */
  judges: string;
  /** What the contract lacks. */
  skipped: string;
}
