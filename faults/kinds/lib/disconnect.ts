/** How a fault can end a connection. It is the outcome in the receipt. */
export const ENDINGS = ['reset', 'hung', 'stalled', 'cut', 'half-closed', 'client-gone'] as const;

export type Ending = (typeof ENDINGS)[number];

/**
 * Thrown by a fault, or by a body stream, to end the connection at that point. `reset` sends a TCP RST, and all others
 * close the connection. Bytes that the body has already yielded are sent first.
 */
export class Disconnect extends Error {
  readonly code = 'disconnect';
  readonly how: Ending;
  /** Raw bytes to send before the connection ends, instead of a response head. */
  readonly lastWords: string | undefined;
  /** Why it ended, if neither a fault nor the client caused it. It is recorded in the receipt as `unserved`. */
  readonly why: string | undefined;

  constructor(how: Ending, lastWords?: string, { why, cause }: { why?: string | undefined; cause?: unknown } = {}) {
    super(`the connection is ended: ${how}`, { cause });
    this.name = 'Disconnect';
    this.how = how;
    this.lastWords = lastWords;
    this.why = why;
  }
}
