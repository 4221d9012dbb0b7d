/**
 * The exit codes of a run, as recorded of k6 v1.6.1 (test/k6-golden/README.md) and listed in k6's own documentation
 * ("k6 exit codes").
 */
export const EXIT_CODES = {
  ok: 0,
  /** Nothing was seen to fail, and something was not proved (`--strict`): proofload's own, which k6 has no use for. */
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
