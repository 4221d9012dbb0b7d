/** Exit codes of every command: 0 and 99 as k6 has them for thresholds, the others beside those that k6 uses. */
export const EXIT = { pass: 0, labFailed: 1, usage: 2, inconclusive: 3, fail: 99 } as const;

/** Stable codes of what can go wrong before there is a verdict, each with the exit code that it leads to. */
export const CODES = {
  USAGE: EXIT.usage,
  CONTRACT_INVALID: EXIT.usage,
  SCENARIO_UNKNOWN: EXIT.usage,
  SCENARIO_INVALID: EXIT.usage,
  NOTHING_TO_JUDGE: EXIT.usage,
  ENGINE_NOT_FOUND: EXIT.usage,
  NOT_DISTRIBUTABLE: EXIT.usage,
  POSTGRES_FAILED: EXIT.labFailed,
  FAKES_FAILED: EXIT.labFailed,
  SERVICE_NOT_READY: EXIT.labFailed,
  LAB_REQUEST_INVALID: EXIT.usage,
  RUN_NOT_FOUND: EXIT.usage,
  RUN_INVALID: EXIT.usage,
  BASELINE_INVALID: EXIT.usage,
  HISTORY_INVALID: EXIT.inconclusive,
  SAMPLES_INVALID: EXIT.inconclusive,
  SYSTEM_ERROR: EXIT.labFailed,
} as const;

/** An error that a person is to read: its message names the bad value and what is allowed. */
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

/** What a thrown value says, whatever it is. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A connection that fails at each address of a host has no message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error.message || error.name;
}

/** Whether the operating system refused something, such as a write to a full disk: what it says is no defect of this program. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;
