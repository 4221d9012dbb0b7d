/**
 * Thrown by a fault, or from the stream of a body, to end the connection at that point.
 * `how` becomes the receipt's outcome: `reset` sends a TCP RST, the others close the connection.
 */
export class Disconnect extends Error {
  readonly code = 'disconnect';
  readonly how: 'reset' | 'hung' | 'cut' | 'client-gone';

  constructor(how: Disconnect['how']) {
    super(`the connection is ended: ${how}`);
    this.name = 'Disconnect';
    this.how = how;
  }
}
