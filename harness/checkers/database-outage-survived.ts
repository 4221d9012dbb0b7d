import type { RequestSample } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { type Checker, count, type Facts, type Finding, isServed, poolOf, tally } from './checker.ts';
import { judgeExcess, noiseMs } from './noise.ts';

/** Phases in which the database is broken, each in its own way, and healed again. */
const PHASE = /^outage (\S+)$/;

/** Milliseconds beyond the service's own timeouts that an answer may take: several of them may run one after the other. */
const LATE_MS = 1_000;
/** Milliseconds within which /health answers: it waits for nothing. */
const HEALTH_MS = 1_000;
/** Calls of /health without which nothing is known of it. */
const ENOUGH = 3;

/**
 * A database that is lost, stopped or silent is a refusal and no more (R1: at the ceiling and without a connection the
 * service degrades in a defined way and recovers): whatever is called is served or refused within the service's own
 * timeouts, never left hanging; /health is untouched; and once the database is back the service serves by itself.
 */
export const databaseOutageSurvived: Checker = (history, facts) =>
  history.all('phase').flatMap(({ name: phase }) => {
    const [, outage] = PHASE.exec(phase) ?? [];
    if (outage === undefined) return [];
    const calls = (about: string) => history.requests({ phase, about });
    return [
      inTime(outage, calls('during'), facts, noiseMs(history, facts)),
      recovers(outage, calls('again'), facts),
      ...health(outage, history, phase, facts),
    ];
  });

function inTime(outage: string, calls: RequestSample[], facts: Facts, noise: number): Finding {
  const { acquireTimeoutSeconds, queryTimeoutSeconds, refusal } = poolOf(facts);
  if (queryTimeoutSeconds === undefined) throw new Error('the contract gives the pool no queryTimeoutSeconds');
  const promised = acquireTimeoutSeconds + queryTimeoutSeconds;
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const late = judgeExcess(longest - promised * 1_000, LATE_MS, noise);
  const wrong = calls.filter((call) => call.status !== 0 && call.status !== refusal && !isServed(facts, call));
  const judged = {
    check: `answers in time: ${outage}`,
    expected: `served or ${refusal}, each within ${promised} s`,
    observed: `${tally(calls.map(({ status }) => status))}; the longest took ${(longest / 1_000).toFixed(2)} s`,
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

function health(outage: string, history: History, phase: string, facts: Facts): Finding[] {
  if (!facts.contract.endpoints.health) return [];
  const calls = history.requests({ phase, about: 'health' });
  const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  const [median = 0, longest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
  const bad = calls.filter((call) => call.status !== 0 && !isServed(facts, call));
  const judged = {
    check: `health stays up: ${outage}`,
    expected: `every call is served within ${HEALTH_MS / 1_000} s`,
    observed: `${tally(calls.map(({ status }) => status))}; the longest of ${count(calls.length, 'call')} took ${longest.toFixed(0)} ms`,
  };
  if (bad.length > 0 || median > HEALTH_MS + noiseMs(history, facts)) return [{ ...judged, verdict: 'FAIL' }];
  // A slow one among quick ones proves nothing: it may have been the machine.
  const enough = calls.length >= ENOUGH && longest <= HEALTH_MS && calls.every(({ status }) => status !== 0);
  return [{ ...judged, verdict: enough ? 'PASS' : 'INCONCLUSIVE' }];
}
