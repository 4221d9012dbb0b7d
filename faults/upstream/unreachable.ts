/** Thrown by a responder that can't reach the server behind it; the message says which one and why. */
export class Unreachable extends Error {
  readonly code = 'unreachable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'Unreachable';
  }
}
