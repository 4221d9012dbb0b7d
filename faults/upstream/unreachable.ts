/** Thrown by a responder if it can't reach the server behind it. The message says which server and why. */
export class Unreachable extends Error {
  readonly code = 'unreachable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'Unreachable';
  }
}
