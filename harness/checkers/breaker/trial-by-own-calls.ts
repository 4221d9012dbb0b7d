import { healthOf } from '../../contract/contract.ts';
import { tagsIn } from '../../history/history.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf, type Facts, howManyReached } from '../lib/checker.ts';
import { countedUntil, triedWhileOpen } from '../lib/opened-at.ts';
import { reachedDuring } from '../lib/reached-during.ts';

/**
 * Checks that a health check makes no trial. The script calls the health endpoint when a trial is due, before it makes
 * any call that needs the upstream. A trial by a health check closes the breaker without a call, or makes the health
 * check as slow as the upstream.
 */
export const trialByOwnCalls: BuiltInChecker = {
  name: 'trial-by-own-calls',
  restsOn: ['breaker-opens'],
  usually: 'The health check calls the upstream, at least while its breaker is open or half-open.',
  fix: 'Let only calls that need the upstream be its trial. Report the state of the breaker in the health check, and make no call there.',
  cases: (facts) =>
    healthWithoutUpstream(facts).map((health) => ({
      check: checkOf(health),
      promises: [promiseOf(breakerOf(facts), 'trials')],
    })),
  without: 'the contract has no health endpoint, or it reaches the upstream of the breaker (`health`)',
  judge: (history, facts) =>
    healthWithoutUpstream(facts).map((health) => {
      const { upstream } = breakerOf(facts);
      const phases = history.phases('trial due');
      const calls = history.requestsIn(phases, { endpoint: health });
      const reached = reachedDuring(history, upstream, calls).length;
      const judged = {
        check: checkOf(health),
        requests: tagsIn(phases, { endpoint: health }),
        expected: `no call of ${health} reaches ${upstream} when a trial is due`,
        observed: howManyReached(reached, calls.length),
      };
      if (reached > 0) {
        const text = `${health} calls ${upstream} and makes the trial, although it does not need ${upstream} in the contract`;
        return { ...judged, verdict: 'FAIL', evidence: [text] };
      }
      const isDue = calls.some(({ status }) => status !== 0) && !triedWhileOpen(history, facts);
      return { ...judged, verdict: isDue ? 'PASS' : 'INCONCLUSIVE', evidence: countedUntil(history, facts) };
    }),
};

const checkOf = (health: string): string => `makes no trial: ${health}`;

/** Returns the health endpoint in a list, unless a call may reach the upstream of the breaker under test. */
function healthWithoutUpstream(facts: Facts): string[] {
  const health = healthOf(facts.contract);
  if (health === undefined) return [];
  return facts.contract.endpoints[health]?.reaches.includes(breakerOf(facts).upstream) ? [] : [health];
}
