import type { History } from '../history/history.ts';
import type { Checker } from './checker.ts';

/** Milliseconds of a pause from which on times measured in a run are not the service's alone. */
const TOO_LONG_MS = 250;

/**
 * While requests were under way, generator, lab and machine ran without a pause. A run with one says nothing of the service:
 * its times may be the pause's, and its bursts may have come in pieces.
 */
export const nothingStalled: Checker = (history) => {
  const stalls = history.all('stall');
  const judged = { check: 'nothing stalled', expected: `no pause of ${TOO_LONG_MS} ms in generator, lab or machine` };
  if (!stalls.some(({ of }) => of === 'lab')) {
    return [{ ...judged, observed: 'nobody watched', verdict: 'INCONCLUSIVE' }];
  }
  const [from, until] = loaded(history);
  const during = stalls.filter(({ at, ms }) => at > from && at - ms < until).sort((a, b) => b.ms - a.ms);
  const [longest] = during;
  const observed = longest ? `the longest: ${longest.ms.toFixed(0)} ms, of the ${longest.of}` : 'none while it ran';
  const long = during.filter(({ ms }) => ms >= TOO_LONG_MS);
  if (long.length === 0) return [{ ...judged, observed, verdict: 'PASS' }];
  const evidence = long.map(
    ({ at, ms, of }) => `${of}: ${ms.toFixed(0)} ms, ${((at - from) / 1_000).toFixed(1)} s into it`,
  );
  return [{ ...judged, observed, verdict: 'INCONCLUSIVE', evidence, voids: 'times' }];
};

/** When the first request was sent, and when the last one was answered. */
function loaded(history: History): [number, number] {
  const requests = history.requests({});
  return [Math.min(...requests.map(({ at }) => at)), Math.max(...requests.map(({ at, ms }) => at + ms))];
}
