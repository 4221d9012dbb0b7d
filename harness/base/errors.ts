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
  DATABASE_NOT_PREPARED: EXIT.labFailed,
  SERVICE_NOT_READY: EXIT.labFailed,
  SERVICE_PORT_TAKEN: EXIT.labFailed,
  BUILD_NOT_READY: EXIT.labFailed,
  LAB_REQUEST_INVALID: EXIT.usage,
  RUN_NOT_FOUND: EXIT.usage,
  RUN_INVALID: EXIT.usage,
  RUN_IN_PROGRESS: EXIT.usage,
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

/** The next step after an error of the operating system. */
const NO_PORT =
  'no port of 127.0.0.1 is free, or the loopback interface is down: end other programs, and see "ip addr show lo" and "sysctl net.ipv4.ip_local_port_range"';
const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: NO_PORT,
  EADDRNOTAVAIL: NO_PORT,
  ENETUNREACH: 'the loopback interface is down: see "ip addr show lo"',
  EMFILE: 'proofload may not open enough files: raise the limit, for example with "ulimit -n 4096"',
  ENFILE: 'the machine may not open more files: end other programs, or raise "sysctl fs.file-max"',
  ENOSPC: 'the disk is full: free some space',
  EAGAIN: 'this user may not start more processes: end other programs, or raise the limit with "ulimit -u"',
};

/** Returns the error of an action, even if releasing its resources failed as well (`SuppressedError`). */
const firstError = (error: unknown): unknown =>
  error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error
    ? firstError(error.suppressed)
    : error;

/**
 * Returns a thrown value as a ProofloadError, if it is one or was caused by an error of the operating system.
 * Otherwise, returns undefined: other values are bugs.
 */
export function knownError(thrown: unknown): ProofloadError | undefined {
  const error = firstError(thrown);
  if (error instanceof ProofloadError) return error;
  if (isSystemError(error)) {
    const { [error.code ?? '']: remedy } = REMEDIES;
    return new ProofloadError('SYSTEM_ERROR', [error.message, remedy].filter(Boolean).join('; '), { cause: error });
  }
  return error instanceof Error && error.cause !== undefined ? knownError(error.cause) : undefined;
}

/** Returns the message for a thrown value, which may have any type. */
export function messageOf(thrown: unknown): string {
  const error = firstError(thrown);
  if (!(error instanceof Error)) return String(error);
  if (error.message === 'fetch failed' && error.cause !== undefined) return messageOf(error.cause);
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
export function outputOf(thrown: unknown): readonly string[] {
  const error = firstError(thrown);
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
