import type { RequestSample } from '../history/events.ts';
import { type Checker, callsAsEvidence, type Facts, type Finding, isServed, poolOf, tally } from './checker.ts';
import { healthStaysUp } from './health-stays-up.ts';
import { judgeExcess, noiseMs } from './noise.ts';

/** Phases in which the database is broken, each in its own way, and healed again. */
const PHASE = /^outage (\S+)$/;

/** Milliseconds beyond the service's own timeouts that an answer may take: several of them may run one after the other. */
const LATE_MS = 1_000;

/**
 * A database that is lost, stopped or silent is a refusal and no more (R1: at the ceiling and without a connection the
 * service degrades in a defined way and recovers): whatever is called is served or refused within the service's own
 * timeouts, never left hanging; /health is untouched; and once the database is back the service serves by itself.
 */
export const databaseOutageSurvived: Checker = (history, facts) =>
  history.all('phase').flatMap(({ name: phase, at }) => {
    const [, outage] = PHASE.exec(phase) ?? [];
    if (outage === undefined) return [];
    const noise = noiseMs(history, facts);
    const calls = (about: string) => history.requests({ phase, about });
    return [
      inTime(outage, calls('during'), facts, { noise, began: at }),
      recovers(outage, calls('again'), facts),
      ...healthStaysUp(outage, calls('health'), facts, noise),
    ];
  });

function inTime(
  outage: string,
  calls: RequestSample[],
  facts: Facts,
  { noise, began }: { noise: number; began: number },
): Finding {
  const { acquireTimeoutSeconds, queryTimeoutSeconds, refusal } = poolOf(facts);
  if (queryTimeoutSeconds === undefined) throw new Error('the contract gives the pool no queryTimeoutSeconds');
  const promised = acquireTimeoutSeconds + queryTimeoutSeconds;
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const late = judgeExcess(longest - promised * 1_000, LATE_MS, noise);
  const isWrong = (call: RequestSample) => call.status !== refusal && !isServed(facts, call);
  const wrong = calls.filter((call) => call.status !== 0 && isWrong(call));
  const bad = calls.filter((call) => isWrong(call) || call.ms > promised * 1_000 + LATE_MS);
  const judged = {
    check: `answers in time: ${outage}`,
    expected: `served or ${refusal}, each within ${promised} s`,
    observed: `${tally(calls.map(({ status }) => status))}; the longest took ${(longest / 1_000).toFixed(2)} s`,
    ...(bad.length > 0 && { evidence: callsAsEvidence(bad, began) }),
  };
  if (wrong.length > 0 || late === 'FAIL') return { ...judged, verdict: 'FAIL' };
  const felt = calls.some(({ status }) => status === refusal);
  return { ...judged, verdict: felt && calls.every(({ status }) => status !== 0) ? late : 'INCONCLUSIVE' };
}

function recovers(outage: string, calls: RequestSample[], facts: Facts): Finding {
  const last = calls.at(-1);
  const judged = {
    check: `recovers by itself: ${outage}`,
    expected: 'served again, once the database is back',
    observed: tally(calls.map(({ status }) => status)),
  };
  if (!last || last.status === 0) return { ...judged, verdict: 'INCONCLUSIVE' };
  return { ...judged, verdict: isServed(facts, last) ? 'PASS' : 'FAIL' };
}
