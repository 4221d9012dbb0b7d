import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answeredInTime } from '../lib/answered-in-time.ts';
import { type Checker, type Facts, isServed, poolOf, tally } from '../lib/checker.ts';
import { healthStaysUp } from '../lib/health-stays-up.ts';
import { type Noise, noiseOf } from '../lib/noise.ts';

/** The form of the phases in which the database is broken in one way and then healed. */
export const OUTAGE = 'outage *';

/**
 * Checks that a lost, stopped or unresponsive database only causes rejections: each call is served or rejected within
 * the service's timeouts, /health is unaffected, and the service recovers on its own.
 */
export const databaseOutageSurvived: Checker = {
  name: 'database-outage-survived',
  timed: true,
  restsOn: ['pool-endpoint-reads-table'],
  usually: 'There is no query or connect timeout, or the pool does not reconnect.',
  judge: (history, facts) =>
    history.phasesLike(OUTAGE).flatMap(({ name: phase, at, parts: [outage = ''] }) => {
      const noise = noiseOf(history, facts);
      const calls = (about: string) => history.requests({ phase, about });
      return [
        inTime(outage, calls('during'), facts, { noise, began: at }),
        recovers(outage, calls('again'), facts),
        ...healthStaysUp(outage, calls('health'), facts, noise),
      ];
    }),
};

function inTime(
  outage: string,
  calls: RequestSample[],
  facts: Facts,
  { noise, began }: { noise: Noise; began: number },
): Finding {
  const { acquireTimeoutSeconds, queryTimeoutSeconds, refusal } = poolOf(facts);
  if (queryTimeoutSeconds === undefined) throw new Error('the contract gives the pool no queryTimeoutSeconds');
  return answeredInTime(calls, facts, {
    check: `answers in time: ${outage}`,
    seconds: acquireTimeoutSeconds + queryTimeoutSeconds,
    felt: calls.some(({ status }) => status === refusal),
    began,
    noise,
  });
}

function recovers(outage: string, calls: RequestSample[], facts: Facts): Finding {
  const last = calls.at(-1);
  const judged = {
    check: `recovers by itself: ${outage}`,
    expected: 'served again, once the database is back',
    observed: tally(calls.map(({ status }) => status)),
  };
  if (!last) return { ...judged, verdict: 'INCONCLUSIVE' };
  return { ...judged, verdict: isServed(facts, last) ? 'PASS' : 'FAIL' };
}
