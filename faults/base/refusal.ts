/**
 * A request to the control API, or a flag, that was refused.
 *
 * `code` is stable and meant for programs; `message` names the bad value and says what is allowed;
 * `status` is the HTTP status that the control API answers with.
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
