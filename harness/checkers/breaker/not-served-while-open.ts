import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, breakerOf, type Facts, isServed, isServedWithout, tally } from '../lib/checker.ts';
import { countedUntil, trialFrom } from '../lib/opened-at.ts';
import { whileOpen } from './other-endpoints.ts';

/**
 * Checks that while a breaker is open, no endpoint that needs its upstream is served, no matter how late in the request
 * it calls the upstream. A made-up response would look like a success. Endpoints that are served without the upstream
 * according to the contract are exempt.
 */
export const notServedWhileOpen: BuiltInChecker = {
  name: 'not-served-while-open',
  restsOn: ['breaker-opens'],
  usually:
    'A fallback or cached response is returned as success, or one code path calls the upstream outside its breaker.',
  fix: 'Find the path that responds without the upstream: a cache, a default, or a call outside of the breaker. If it is intended, say so in the contract (`fallback`, `servedWithout`).',
  cases: (facts) =>
    endpointsOf(facts).map((endpoint) => ({
      check: checkOf(endpoint),
      promises: [['endpoints', endpoint, 'reaches']],
    })),
  without: 'no endpoint needs its upstream (endpoints.NAME.reaches, without servedWithout and fallback)',
  judge(history, facts) {
    const { upstream } = breakerOf(facts);
    const until = trialFrom(history, facts);
    const phases = whileOpen(history);
    return endpointsOf(facts).flatMap((endpoint): Finding[] => {
      const calls = history.requestsIn(phases, { endpoint });
      if (calls.length === 0) return [];
      const inTime = calls.filter(({ at, ms }) => at + ms < until);
      const served = inTime.filter((call) => isServed(facts, call)).length;
      const judged = {
        check: checkOf(endpoint),
        requests: tagsIn(phases, { endpoint }),
        expected: `no call is served without ${upstream}`,
        observed: `${served} of ${count(inTime.length, 'call')} served: ${tally(inTime.map(answerOf))}`,
        evidence: inTime.length === calls.length ? [] : countedUntil(history, facts),
      };
      if (served > 0) return [{ ...judged, verdict: 'FAIL' }];
      const enough = inTime.length > 0 && inTime.every(({ status }) => status !== 0);
      return [{ ...judged, verdict: enough ? 'PASS' : 'INCONCLUSIVE' }];
    });
  },
};

const checkOf = (endpoint: string): string => `not served while open: ${endpoint}`;

/** Returns the endpoints that can't be served without the upstream of the breaker under test. */
function endpointsOf(facts: Facts): string[] {
  const { upstream } = breakerOf(facts);
  return Object.entries(facts.contract.endpoints)
    .filter(([name, { reaches }]) => reaches.includes(upstream) && !isServedWithout(facts, name, upstream))
    .map(([name]) => name);
}
