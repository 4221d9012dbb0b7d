import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf, whenItOpens } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  breakerOf,
  type Facts,
  howManyReached,
  mayBegin,
  tally,
  withEvidence,
} from '../lib/checker.ts';
import { openAfter } from '../lib/open-after.ts';
import { afterOpening, countedUntil, furtherFailures, trialFrom } from '../lib/opened-at.ts';
import { ifPrimed, whyTooLong } from '../lib/primed.ts';
import { withOpeningHints } from './breaker-hints.ts';

const THRESHOLD_CHECK = 'opens at the threshold';
const MINIMUM_CHECK = 'opens at the minimum';
const SUCCESS_CHECK = 'opens at the threshold, with a success between the failures';
const REFUSAL_CHECK = 'refuses while open';

/** Returns the minimum number of calls in the window of a breaker, if the script opens the breaker there. */
const minimumOf = (facts: Facts): number | undefined =>
  mayBegin(facts, 'at the minimum') ? breakerOf(facts).opening.alone : undefined;

/**
 * Checks that the breaker opens at exactly the promised failure: after `threshold` consecutive failures, or at the rate
 * and the minimum number of calls in its window. While it is open, the upstream must not be called.
 *
 * In the phase "opening", the script makes `threshold` calls that all fail. In the phase "after opening", it continues
 * until a call doesn't reach the upstream, or up to three times as many failures. In the phase "open", it keeps calling
 * until shortly before the recovery timeout. On a slow machine, a call may arrive after that timeout. Such a call is a
 * trial and is not counted.
 */
export const breakerOpens: BuiltInChecker = {
  name: 'breaker-opens',
  restsOn: ['steady-state', 'breaker-stays-closed', 'breaker-covers-endpoints', 'upstream-attempts'],
  usually:
    'The threshold differs from the contract, failures are not counted, each process has its own breaker, or retries below the breaker multiply the requests.',
  fix: 'The result names the cause: it never opens, opens late, counts other failures, or is shared. Let every call go through the breaker, and count the failures that the contract lists.',
  cases(facts) {
    const breaker = breakerOf(facts);
    const promises = [whenItOpens(breaker)];
    return [
      { check: THRESHOLD_CHECK, promises },
      ...(minimumOf(facts) === undefined ? [] : [{ check: minimumCheck(breaker), promises }]),
      { check: REFUSAL_CHECK, promises: [promiseOf(breaker, 'refusal')] },
    ];
  },
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const { upstream, refusal } = breaker;
    const [threshold, minimum] = [breaker.opening.failures, minimumOf(facts)];
    const [phases, open] = [history.phases('opening'), history.phases('open')];
    const opening = history.requestsIn(phases);
    const reached = history.receiptsIn(phases, upstream);
    const refused = history.requestsIn(open, { about: 'breaker' });
    const further = furtherFailures(history, facts).length;
    const over = trialFrom(history, facts);
    const arrived = history.receiptsIn(open, upstream);
    const leaked = arrived.filter(({ at }) => at < over).length;
    const inTime = refused.filter(({ at, ms }) => at + ms < over);
    const isAllCounted = arrived.length === leaked && inTime.length === refused.length;
    const evidence = isAllCounted ? [] : countedUntil(history, facts);
    const complete = opening.length === threshold && reached.length <= threshold;
    const enough = complete && inTime.length >= 10 && arrived.length === leaked;
    const otherwise = inTime.some(({ status }) => status !== refusal);
    const atThreshold: Finding = {
      check: THRESHOLD_CHECK,
      requests: [...tagsIn([...phases, ...afterOpening(history)]), ...tagsIn(open, { about: 'breaker' })],
      expected: `exactly ${count(threshold, 'consecutive failure')} reach ${upstream}, and no call after them`,
      observed: [
        howManyReached(reached.length, opening.length),
        ...(further > 0 ? [`then ${further} more`] : []),
        `while open, ${howManyReached(leaked, inTime.length)}`,
      ].join('; '),
      verdict: reached.length < opening.length || further + leaked > 0 ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
      evidence,
    };
    const findings: Finding[] = [
      ifPrimed(history, breaker, atThreshold, { phase: phases }),
      ...(minimum === undefined ? [] : [atTheMinimum(history, facts, breaker, minimum)]),
      {
        check: REFUSAL_CHECK,
        requests: tagsIn(open, { about: 'breaker' }),
        expected: `every call gets ${refusal}, none reaches ${upstream}`,
        observed: `${tally(refused.map(answerOf))}; ${leaked} reached ${upstream}`,
        verdict:
          leaked > 0 || otherwise
            ? 'FAIL'
            : enough && refused.every(({ status }) => status === refusal)
              ? 'PASS'
              : 'INCONCLUSIVE',
        evidence,
      },
    ];
    return withOpeningHints(findings, history, facts);
  },
};

/**
 * In the phase "at the minimum", the window is empty, and exactly the minimum number of calls fail. If all of them
 * reach the upstream, the breaker was still closed before the last one, and it must be open afterwards.
 */
function atTheMinimum(history: History, facts: Facts, breaker: Breaker, minimum: number): Finding {
  const { upstream, opening } = breaker;
  const phases = history.phases('at the minimum');
  const calls = history.requestsIn(phases);
  const reached = history.receiptsIn(phases, upstream);
  const after = openAfter(history, facts, { phase: phases, breaker, calls, reached });
  const judged: Omit<Finding, 'verdict'> = {
    check: minimumCheck(breaker),
    requests: tagsIn([...phases, ...history.related('after', phases)]),
    expected: opening.isCount
      ? `${count(minimum, 'failure')} and a success before the last one reach ${upstream}, and no call after them`
      : `exactly ${count(minimum, 'failure')} reach ${upstream} after recovery, and no call after them`,
    observed: `${howManyReached(reached.length, calls.length)}, ${after.observed}`,
  };
  const why = whyTooLong(opening.windowSeconds, reached);
  if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [why] };
  const made = minimum + (opening.isCount ? 1 : 0);
  if (calls.length !== made || reached.length > made) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length < made) return { ...judged, verdict: 'FAIL' };
  const isReset = opening.isCount && after.verdict === 'FAIL';
  return {
    ...withEvidence({ ...judged, verdict: after.verdict }, after.evidence),
    ...(isReset && { usually: SUCCESS_RESETS }),
  };
}

const minimumCheck = ({ opening }: Pick<Breaker, 'opening'>): string =>
  opening.isCount ? SUCCESS_CHECK : MINIMUM_CHECK;

const SUCCESS_RESETS =
  'A success sets the count of failures back to 0, or the breaker opens at a rate: it counts consecutive failures instead of all failures in the window.';
