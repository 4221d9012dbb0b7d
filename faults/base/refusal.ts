/**
 * Thrown for an invalid request to the control API or an invalid command-line flag.
 *
 * `code` is stable and meant for programs. `message` contains the invalid value and the allowed values. `status` is the
 * response's HTTP status.
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
