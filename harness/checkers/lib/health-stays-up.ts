import { count } from '../../base/in-words.ts';
import { healthOf } from '../../contract/contract.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Case, type Facts, isServed, tally } from './checker.ts';
import { longestLessNoise, noiseOf, ownTime } from './noise.ts';
import { fromDue } from './request-times.ts';
import { SEVERAL } from './tolerances.ts';

/** Maximum response time of /health, in milliseconds. It doesn't have to wait for anything. */
const HEALTH_MS = 1_000;
/** Minimum number of calls to /health for a PASS. */
const ENOUGH = 3;

/** The usual cause if a health check answers that the service is unhealthy while the database does not work. */
export const HEALTH_NEEDS_DATABASE =
  'The health check queries the database: it must say only that the process works, or the service is restarted in an outage that it survives. Put the rest into a readiness check.';

/** The usual cause if a health check answers that the service is unhealthy while an upstream does not work. */
export const HEALTH_NEEDS_UPSTREAMS =
  'The health check reports the state of an upstream or of its breaker: it must say only that the process works, or the service is restarted in an outage that it survives. Put the rest into a readiness check.';

const checkOf = (meanwhile: string): string => `health stays up: ${meanwhile}`;

/** Returns a case about the endpoint that must always work, or an empty list if the contract has none. */
export function healthCase(check: string, { contract }: Facts): Case[] {
  const name = healthOf(contract);
  return name === undefined ? [] : [{ check, promises: [['health'], ['endpoints', name, 'served']] }];
}

/** Returns the case that `healthStaysUp` judges, or an empty list if the contract has no such endpoint. */
export const healthCases = (meanwhile: string, facts: Facts): Case[] => healthCase(checkOf(meanwhile), facts);

/**
 * Judges whether /health was served in some phases, while something else was broken. Returns an empty list if the
 * contract has no such endpoint.
 *
 * @param whyRefused The usual cause if it is refused. Default: that of the checker.
 */
export function healthStaysUp(
  meanwhile: string,
  history: History,
  phases: Phases,
  facts: Facts,
  whyRefused?: string,
): Finding[] {
  if (healthOf(facts.contract) === undefined) return [];
  const tags = { about: 'health' };
  const calls = history.requestsIn(phases, tags).map(fromDue);
  const noise = noiseOf(history, facts);
  const late = calls.filter((call) => ownTime(call, noise) > HEALTH_MS).length;
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const evidence = longestLessNoise(calls, HEALTH_MS, noise);
  const bad = calls.filter((call) => !isServed(facts, call));
  const judged = {
    check: checkOf(meanwhile),
    requests: tagsIn(phases, tags),
    expected: `every call is served within ${HEALTH_MS / 1_000} s`,
    observed: `${tally(calls.map(answerOf))}; the longest of ${count(calls.length, 'call')} took ${longest.toFixed(0)} ms`,
    ...(evidence.length > 0 && { evidence }),
  };
  if (bad.length > 0 || late >= SEVERAL) {
    const isRefused = bad.some(({ status }) => status !== 0);
    return [{ ...judged, verdict: 'FAIL', ...(isRefused && whyRefused !== undefined && { usually: whyRefused }) }];
  }
  const enough = calls.length >= ENOUGH && longest <= HEALTH_MS;
  return [{ ...judged, verdict: enough ? 'PASS' : 'INCONCLUSIVE' }];
}
