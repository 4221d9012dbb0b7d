/** Exit codes for all commands. 0 and 99 have the same meaning as in k6. k6 doesn't use the others. */
export const EXIT = { pass: 0, labFailed: 1, usage: 2, inconclusive: 3, fail: 99 } as const;

/** Stable codes for errors that prevent a verdict, with their exit codes (docs/error-codes.md). */
export const CODES = {
  USAGE: EXIT.usage,
  CONTRACT_INVALID: EXIT.usage,
  HOST_NOT_ALLOWED: EXIT.usage,
  SCENARIO_UNKNOWN: EXIT.usage,
  SCENARIO_INVALID: EXIT.usage,
  DEFINITION_INVALID: EXIT.usage,
  NOTHING_TO_JUDGE: EXIT.usage,
  PACKAGE_MISSING: EXIT.usage,
  ENGINE_NOT_FOUND: EXIT.usage,
  NOT_DISTRIBUTABLE: EXIT.usage,
  POSTGRES_FAILED: EXIT.labFailed,
  FAKES_FAILED: EXIT.labFailed,
  SERVICE_NOT_READY: EXIT.labFailed,
  BUILD_NOT_READY: EXIT.labFailed,
  LAB_REQUEST_INVALID: EXIT.usage,
  RUN_NOT_FOUND: EXIT.usage,
  RUN_INVALID: EXIT.usage,
  BASELINE_INVALID: EXIT.usage,
  HISTORY_INVALID: EXIT.inconclusive,
  RESULTS_NOT_WRITTEN: EXIT.labFailed,
  SYSTEM_ERROR: EXIT.labFailed,
} as const;

/** An error to show to the user. The message contains the invalid value and the allowed values. */
export class ProofloadError extends Error {
  override readonly name = 'ProofloadError';
  readonly code: keyof typeof CODES;

  constructor(code: keyof typeof CODES, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): number {
    return CODES[this.code];
  }
}

/** Returns the message for a thrown value, which may have any type. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // If connecting to all of a host's addresses fails, the error is an AggregateError without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message || error.name;
}

/** A process failure, with the last lines of the process's output. */
export class ProcessFailure extends Error {
  override readonly name = 'ProcessFailure';
  readonly output: readonly string[];

  constructor(message: string, output: readonly string[]) {
    super(message);
    this.output = output;
  }
}

/** Returns the output of the failed process that caused an error, or an empty list if there is none. */
export function outputOf(error: unknown): readonly string[] {
  if (error instanceof ProcessFailure) return error.output;
  return error instanceof Error && error.cause !== undefined ? outputOf(error.cause) : [];
}

/** Appends the output of a failed process to a message, for the terminal. */
export const withOutput = (message: string, output: readonly string[]): string =>
  output.length === 0 ? message : [`${message}; its output:`, ...output].join('\n');

/**
 * Whether an error was reported by the operating system, for example because the disk is full. Such an error is not a
 * bug.
 */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;
