import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** Why a run ended, or could not begin. `code` is stable; `exitCode` is what the process ends with. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;
  readonly exitCode: ExitCode;

  /**
   * @param code Stable, upper case with underscores, such as `INVALID_OPTIONS`.
   * @param exitCode Defaults to 255, k6's code for anything that has none of its own.
   * @param options.cause What the script threw, where it threw.
   */
  constructor(code: string, message: string, exitCode: ExitCode = EXIT_CODES.other, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** What scripts see of a refusal by the engine itself: k6 names the class of its own exceptions so. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

/** Thrown through a script by `exec.test.abort()`. It is no failure of the script, and never logged as one. */
export class TestAbortedError extends Error {
  override readonly name = 'TestAbortedError';
  readonly code = 'TEST_ABORTED';
}
