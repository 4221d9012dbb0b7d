/**
 * The exit codes of a run. They were recorded from k6 v1.6.1 (test/k6-golden/README.md) and match k6's documentation
 * ("k6 exit codes").
 */
export const EXIT_CODES = {
  ok: 0,
  /** Nothing failed, but something could not be proved (`--strict`). proofload adds this code; k6 does not use it. */
  inconclusive: 3,
  thresholdsCrossed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  invalidOptions: 104,
  stoppedBySignal: 105,
  scriptException: 107,
  aborted: 108,
  markedAsFailed: 110,
  other: 255,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
