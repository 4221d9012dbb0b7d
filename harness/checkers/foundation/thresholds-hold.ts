import { count } from '../../base/in-words.ts';
import type { ThresholdEvent } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker } from '../lib/checker.ts';

/** The script's metric that compares the service's own count of openings (scenarios/lib/outage.ts). */
const OPENINGS_COUNTED = 'openings_counted';

/**
 * Checks that every threshold in the script holds. A threshold on a metric without samples proves nothing, although in
 * k6 it passes if it is an upper bound.
 */
export const thresholdsHold: BuiltInChecker = {
  name: 'thresholds',
  restsOn: ['service-stays-up', 'upstreams-over-tls'],
  usually:
    'A value that the script itself counts or measures is beyond its limit. The name of the threshold says which value, such as the number of calls that are served again. See the other failed checks of the scenario first.',
  fix: 'Look at the other failed checks of this scenario first. The evidence shows the threshold and its value.',
  noWireMutant: 'the script sets them, and no mutant knows what they measure',
  // Only the engine knows the script's thresholds.
  cases: () => undefined,
  judge(history, { breaker }) {
    const thresholds = history.all('threshold');
    if (thresholds.length > 0) {
      return thresholds.map((threshold) => {
        const isPromised = breaker !== undefined && threshold.metric === OPENINGS_COUNTED;
        return { ...judge(threshold), ...(isPromised && { promises: [['breakers', breaker, 'openings']] }) };
      });
    }
    return [
      {
        check: 'thresholds',
        expected: 'the engine reports the thresholds of the script',
        observed: 'it reported none',
        verdict: 'INCONCLUSIVE',
      },
    ];
  },
};

function judge({ metric, expression, ok, samples, values }: ThresholdEvent): Finding {
  const judged = { check: `threshold ${metric}`, expected: expression };
  if (samples === 0) return { ...judged, verdict: 'INCONCLUSIVE', observed: 'no samples' };
  const shown = Object.entries(values).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  const observed = `${shown.join(', ')} (${count(samples, 'sample')})`;
  return { ...judged, verdict: ok ? 'PASS' : 'FAIL', observed };
}
