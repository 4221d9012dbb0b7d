import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** The reason why a run ended or could not start. `code` is stable; `exitCode` is the exit code of the process. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;
  readonly exitCode: ExitCode;

  /**
   * @param code Stable, upper case with underscores, such as `INVALID_OPTIONS`.
   * @param exitCode Defaults to 255, k6's code for all other errors.
   * @param options.cause The value that the script threw, if any.
   */
  constructor(code: string, message: string, exitCode: ExitCode = EXIT_CODES.other, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** An error of the engine that scripts can catch. The name is that of k6's own exceptions. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

/** Thrown through a script by `exec.test.abort()`. It is not a script failure and is never logged as one. */
export class TestAbortedError extends Error {
  override readonly name = 'TestAbortedError';
  readonly code = 'TEST_ABORTED';
}
