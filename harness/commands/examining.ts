/** Prints text for people. */
export type Say = (text?: string) => void;

/** How a command examines a contract. */
export interface Examining {
  readonly say: Say;
  /** Ends the examination. */
  readonly signal: AbortSignal;
}
