/**
 * A refused request to the control API, or a refused command-line flag.
 *
 * `code` is stable and meant for programs; `message` names the bad value and the allowed ones; `status` is the HTTP
 * status of the response.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
  }
}
