import type { Checker } from './checker.ts';
import { loaded, stallsUnderLoad } from './stalls.ts';

/** Milliseconds of a pause from which on times measured in a run are not the service's alone. */
const TOO_LONG_MS = 250;

/**
 * While requests were under way, generator, lab and machine ran without a pause. A run with one says nothing of the service:
 * its times may be the pause's, and its bursts may have come in pieces.
 */
export const nothingStalled: Checker = (history) => {
  const judged = { check: 'nothing stalled', expected: `no pause of ${TOO_LONG_MS} ms in generator, lab or machine` };
  if (!history.all('stall').some(({ of }) => of === 'lab')) {
    return [{ ...judged, observed: 'nobody watched', verdict: 'INCONCLUSIVE' }];
  }
  const [from] = loaded(history);
  const during = stallsUnderLoad(history);
  const [longest] = during;
  const observed = longest ? `the longest: ${longest.ms.toFixed(0)} ms, of the ${longest.of}` : 'none while it ran';
  const long = during.filter(({ ms }) => ms >= TOO_LONG_MS);
  if (long.length === 0) return [{ ...judged, observed, verdict: 'PASS' }];
  const evidence = long.map(
    ({ at, ms, of }) => `${of}: ${ms.toFixed(0)} ms, ${((at - from) / 1_000).toFixed(1)} s into it`,
  );
  evidence.push('the machine had other work, or somebody stopped a process: run it again when there is less to do');
  return [{ ...judged, observed, verdict: 'INCONCLUSIVE', evidence, voids: 'times' }];
};
