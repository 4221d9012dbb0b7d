import type { ThresholdEvent } from '../history/events.ts';
import { type Checker, count, type Finding } from './checker.ts';

/**
 * Every threshold of the script holds. One whose metric never got a sample proves nothing, whatever k6 makes of it: it
 * lets upper bounds on nothing pass. Nor does a count that is too low where the script was ended before its end.
 */
export const thresholdsHold: Checker = (history) => {
  const thresholds = history.all('threshold');
  const isCut = history
    .all('engine')
    .some((event) => event.event === 'ended' && (event.why !== undefined || event.signal !== null));
  if (thresholds.length > 0) return thresholds.map((threshold) => judge(threshold, isCut));
  return [
    {
      check: 'thresholds',
      expected: 'the engine reports the thresholds of the script',
      observed: 'it reported none',
      verdict: 'INCONCLUSIVE',
    },
  ];
};

/** A lower bound, or an equality, of how many there were in the whole run. */
const COUNTS = /^\s*count\s*(>|==)/;

function judge({ metric, expression, ok, samples, values }: ThresholdEvent, isCut: boolean): Finding {
  const judged = { check: `threshold ${metric}`, expected: expression };
  if (samples === 0) return { ...judged, verdict: 'INCONCLUSIVE', observed: 'no samples' };
  const shown = Object.entries(values).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  const observed = `${shown.join(', ')} (${count(samples, 'sample')})`;
  if (!ok && isCut && COUNTS.test(expression)) {
    return { ...judged, verdict: 'INCONCLUSIVE', observed: `${observed}, until the script was ended` };
  }
  return { ...judged, verdict: ok ? 'PASS' : 'FAIL', observed };
}
