import { EXIT_CODES } from '../base/exit-codes.ts';
import type { ThresholdSet } from '../thresholds/threshold-set.ts';
import type { Test } from '../vu/test.ts';

/** How often to evaluate thresholds, in milliseconds. k6 does so every 2 s (golden record 11). */
const INTERVAL = 2_000;

/**
 * Evaluates thresholds during a test, and ends the test if a threshold with `abortOnFail` is crossed.
 *
 * @returns A function that stops the evaluation.
 */
export function watchThresholds(test: Test, thresholds: ThresholdSet): () => void {
  if (thresholds.isEmpty) return () => {};
  const timer = setInterval(() => {
    const { crossed, abort } = thresholds.evaluate(test.elapsed);
    if (!abort) return;
    test.state.abort({
      message: `thresholds on metrics '${crossed.join(', ')}' were crossed; at least one has abortOnFail enabled, stopping test prematurely`,
      exitCode: EXIT_CODES.thresholdsCrossed,
    });
  }, INTERVAL);
  return () => clearInterval(timer);
}
