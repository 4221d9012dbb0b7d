/** How a fault ends a connection; it becomes the receipt's outcome. */
export type Ending = 'reset' | 'hung' | 'stalled' | 'cut' | 'half-closed' | 'client-gone';

/**
 * Thrown by a fault, or from the stream of a body, to end the connection at that point: `reset` sends a TCP RST, the
 * others close it. What the body has yielded so far is sent first.
 */
export class Disconnect extends Error {
  readonly code = 'disconnect';
  readonly how: Ending;
  /** Sent as it is before the end, in place of a head. */
  readonly lastWords: string | undefined;

  constructor(how: Ending, lastWords?: string) {
    super(`the connection is ended: ${how}`);
    this.name = 'Disconnect';
    this.how = how;
    this.lastWords = lastWords;
  }
}
