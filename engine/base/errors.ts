import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** The advice for everything that k6 has and the engine does not. */
export const USE_K6 = 'use ENGINE=k6';

/** The exit codes of errors for which it is not {@link EXIT_CODES}.other, as for most errors in k6. */
const EXIT_CODE_OF: Readonly<Record<string, ExitCode>> = {
  BLOCKING_CALL_REFUSED: EXIT_CODES.scriptException,
  INVALID_DURATION: EXIT_CODES.invalidOptions,
  INVALID_EXECUTION_SEGMENT: EXIT_CODES.invalidOptions,
  INVALID_LOCAL_IPS: EXIT_CODES.invalidOptions,
  INVALID_OPTIONS: EXIT_CODES.invalidOptions,
  INVALID_THRESHOLD: EXIT_CODES.invalidOptions,
  NOT_AVAILABLE: EXIT_CODES.scriptException,
  SCRIPT_EXCEPTION: EXIT_CODES.scriptException,
  WORKERS_REFUSED: EXIT_CODES.invalidOptions,
};

/** Thrown when a run cannot start or has to end. `code` is stable; `exitCode` is the process's exit code. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;
  readonly exitCode: ExitCode;

  /**
   * @param code A stable code in upper case with underscores, such as `INVALID_OPTIONS`.
   * @param exitCode Defaults to the exit code for this error code.
   * @param options.cause The value that the script threw, if any.
   */
  constructor(
    code: string,
    message: string,
    exitCode = EXIT_CODE_OF[code] ?? EXIT_CODES.other,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Returns an error to report: an engine error as it is, and any other one as an internal error with its stack. */
export const toEngineError = (error: unknown): EngineError =>
  error instanceof EngineError
    ? error
    : new EngineError('INTERNAL_ERROR', `internal error: ${error instanceof Error ? error.stack : String(error)}`);

/** An engine error that scripts can catch. It has the same name as k6's own exceptions. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

/** Unwinds the script's stack when it calls `exec.test.abort()`. It is never logged as a failure. */
export class TestAbortedError extends Error {
  override readonly name = 'TestAbortedError';
  readonly code = 'TEST_ABORTED';
}
