/**
 * Thrown by a responder instead of returning a response, for example if it can't reach the server behind it. The client
 * gets an error response with this status, and the message explains why.
 */
export class Unserved extends Error {
  readonly code = 'unserved';
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unserved';
    this.status = status;
  }
}
