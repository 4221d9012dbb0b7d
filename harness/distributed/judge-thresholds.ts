import { parseThreshold, type ReadTest, summaryNames } from '../../engine/index.ts';
import type { Finding, Verdict } from '../verdict/finding.ts';

type Judged = ReadTest['thresholds']['all'][number];

/** Known problems of the samples. */
export interface Trust {
  /** Whether they are all samples of the run. */
  readonly isComplete: boolean;
  /** Whether some samples may be duplicates. */
  readonly isRepeated: boolean;
}

/**
 * Judges a script's thresholds. If samples are missing, no threshold passes, and one that is crossed fails only if the
 * missing samples are not the reason.
 *
 * @param elapsed Milliseconds between the first and the last sample.
 */
export function judgeThresholds({ test, thresholds }: ReadTest, elapsed: number, trust: Trust): Finding[] {
  thresholds.evaluate(elapsed);
  const seconds = elapsed / 1_000;
  const findings = thresholds.all.map((threshold): Finding => {
    const { selector, expression, sink } = threshold;
    const values = summaryNames(sink.type, test.options.summaryTrendStats).map((name) => {
      const value = sink.aggregate(name, seconds) ?? 0;
      return `${name} ${Number(value.toPrecision(4))}`;
    });
    return {
      check: `threshold ${selector}`,
      expected: expression,
      observed: sink.isEmpty ? 'no samples' : `${values.join(', ')}${trust.isComplete ? '' : ', as far as was seen'}`,
      verdict: verdictOf(threshold, seconds, trust),
    };
  });
  if (findings.length > 0) return findings;
  return [{ check: 'thresholds', expected: 'at least one', observed: 'none', verdict: 'INCONCLUSIVE' }];
}

function verdictOf(judged: Judged, seconds: number, trust: Trust): Verdict {
  if (!judged.isProved) return 'INCONCLUSIVE';
  if (judged.ok) return trust.isComplete ? 'PASS' : 'INCONCLUSIVE';
  return trust.isComplete || isShown(judged, seconds, trust) ? 'FAIL' : 'INCONCLUSIVE';
}

/**
 * Whether the samples show that a threshold is crossed, although others are missing. This is true for limits of a
 * fraction or a percentile, such as too many failed requests, but not for an exact percentile, which a single sample
 * can change. A sum is shown to be too high, but not to be too low. The last value of a Gauge may be missing.
 */
function isShown({ expression, sink }: Judged, seconds: number, { isRepeated }: Trust): boolean {
  const { aggregation, operator, value } = parseThreshold(expression);
  const isExact = operator.includes('==');
  if (sink.type === 'gauge' || operator === '!=') return false;
  // One sample is enough to show that a fraction is not 0 or 1.
  if (sink.type === 'rate') return !isExact || value === 0 || value === 1;
  if (sink.type === 'trend' && aggregation !== 'count') return !isExact;
  return !isRepeated && !operator.startsWith('>') && (sink.aggregate(aggregation, seconds) ?? 0) >= value;
}
