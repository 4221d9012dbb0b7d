import { count } from '../../base/in-words.ts';
import { breakerOf, type Checker, howManyReached, tally } from '../lib/checker.ts';
import { trialFrom } from '../lib/opened-at.ts';

/**
 * The breaker opens after exactly `threshold` consecutive failures, and while it is open the upstream is not called. In
 * the phase "opening" the script makes `threshold` calls that all fail. In the phase "open" it keeps calling until
 * shortly before the recovery timeout. On a slow machine a call may arrive after that timeout: it is a trial, and is
 * not counted.
 */
export const breakerOpens: Checker = {
  name: 'breaker-opens',
  restsOn: ['steady-state', 'breaker-stays-closed', 'upstream-called-once'],
  usually:
    'The threshold differs from the contract, failures are not counted, or retries below the breaker multiply the requests.',
  judge(history, facts) {
    const { upstream, threshold, refusal } = breakerOf(facts);
    const opening = history.requests({ phase: 'opening' });
    const reached = history.receiptsIn('opening', upstream);
    const refused = history.requests({ phase: 'open', about: 'breaker' });
    const over = trialFrom(history, facts);
    const arrived = history.receiptsIn('open', upstream);
    const leaked = arrived.filter(({ at }) => at < over).length;
    const inTime = refused.filter(({ at, ms }) => at + ms < over);
    const complete = opening.length === threshold && reached.length <= threshold;
    const enough = complete && inTime.length >= 10 && arrived.length === leaked;
    const otherwise = inTime.some(({ status }) => status !== refusal);
    return [
      {
        check: 'opens at the threshold',
        expected: `exactly ${count(threshold, 'consecutive failure')} reach ${upstream}, and no call after them`,
        observed: `${howManyReached(reached.length, opening.length)}; while open, ${howManyReached(leaked, inTime.length)}`,
        verdict: reached.length < opening.length || leaked > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
      },
      {
        check: 'refuses while open',
        expected: `every call gets ${refusal}, none reaches ${upstream}`,
        observed: `${tally(refused.map(({ status }) => status))}; ${leaked} reached ${upstream}`,
        verdict:
          leaked > 0 || otherwise
            ? 'FAIL'
            : enough && refused.every(({ status }) => status === refusal)
              ? 'PASS'
              : 'INCONCLUSIVE',
      },
    ];
  },
};
