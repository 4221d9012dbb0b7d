/** A scenario that can't judge a service with this contract. */
export interface Skipped {
  name: string;
  /** The subject that is not judged if it is skipped, in a few words. */
  judges: string;
  /** Why it is skipped. */
  skipped: string;
  /** Whether the contract lacks a promise that it needs. Absent if it is skipped for another reason. */
  unpromised?: true;
}
