import type { ExitCode } from '../base/exit-codes.ts';

/** Why a test ended before its time. */
export interface Abort {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Whether a test is to end early, and whether its script called it failed. */
export class TestState {
  readonly #controller = new AbortController();
  abortedBy: Abort | null = null;
  markedAsFailed = false;

  /** Fires once, when the test is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the test; the first reason stands. */
  abort(reason: Abort): void {
    if (this.abortedBy) return;
    this.abortedBy = reason;
    this.#controller.abort();
  }
}
