import type { ExitCode } from '../base/exit-codes.ts';

/** Why a test ended early. */
export interface Abort {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Whether a test has to end early, and whether its script marked it as failed. */
export class TestState {
  readonly #controller = new AbortController();
  /** Aborted once, when the test has to end. */
  readonly signal: AbortSignal = this.#controller.signal;
  abortedBy: Abort | null = null;
  markedAsFailed = false;
  /** Whether everything has ended except for the summary. */
  isOver = false;

  /** Ends the test. Only the first reason is kept. */
  abort(reason: Abort): void {
    if (this.abortedBy) return;
    this.abortedBy = reason;
    this.#controller.abort();
  }
}
