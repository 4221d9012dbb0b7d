import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { breakersOfCancelled, leaversIn } from '../lib/abandoned.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, type Facts, isServed, isServedWithout, tally } from '../lib/checker.ts';
import { lastAnswered } from '../lib/request-times.ts';

/**
 * Checks that a trial whose caller left does not keep its breaker half-open: it may close, reopen or allow another
 * trial, and once the upstream works, calls are served again. The script calls for several recovery timeouts.
 */
export const abandonedTrialEnds: BuiltInChecker = {
  name: 'abandoned-trial-ends',
  restsOn: ['steady-state'],
  usually:
    'A cancelled trial has no result, so the breaker keeps waiting for one. Release the trial when the call is cancelled.',
  fix: 'Release the trial without a result when its call is cancelled, so that the next call is a trial.',
  cases: (facts) =>
    abandonedBy(facts).map((breaker) => ({
      check: checkOf(breaker),
      promises: [numberOf(breaker, 'recoverySeconds')],
    })),
  without:
    'no endpoint with a breaker fails without its upstream and ends its calls when the caller leaves (endpoints.NAME.cancels)',
  judge: (history, facts) => abandonedBy(facts).map((breaker) => judge(history, facts, breaker)),
};

/** Returns the breakers whose trials are abandoned and whose state callers see. */
const abandonedBy = (facts: Facts): Breaker[] =>
  breakersOfCancelled(facts).filter(({ endpoint, upstream }) => !isServedWithout(facts, endpoint, upstream));

const checkOf = ({ name }: Breaker): string => `an abandoned trial does not keep it half-open: ${name}`;

function judge(history: History, facts: Facts, breaker: Breaker): Finding {
  const { name, upstream, refusal, trying } = breaker;
  const phases = history.phases('left in trial', { breaker: name });
  const after = history.related('after', phases);
  const judged = {
    check: checkOf(breaker),
    requests: tagsIn([...phases, ...after]),
    expected: 'later calls are served again',
  };
  const trials = history.receiptsIn(phases, upstream).length;
  const leavers = leaversIn(history, phases);
  const probes = history.requestsIn(phases, { about: 'probe' });
  const wasOpen = probes.length > 0 && probes.every(({ status }) => status === refusal);
  if (!wasOpen || trials === 0 || trials > (trying.most ?? trials) || leavers.length === 0) {
    const observed = wasOpen ? `${trials} trials, ${leavers.length} of their callers left` : 'the breaker was not open';
    return { ...judged, observed, verdict: 'INCONCLUSIVE' };
  }
  const calls = history.requestsIn(after);
  const served = calls.find((call) => isServed(facts, call));
  const [from, last] = [lastAnswered(leavers), calls.at(-1)];
  const until = served ?? last;
  if (!until) return { ...judged, observed: 'there were no calls afterwards', verdict: 'INCONCLUSIVE' };
  const seconds = ((until.at + until.ms - from) / 1_000).toFixed(1);
  const observed = served
    ? `served ${seconds} s after the caller left`
    : `none was served in ${seconds} s after the caller left: ${tally(calls.map(answerOf))}`;
  return { ...judged, observed, verdict: served ? 'PASS' : 'FAIL' };
}
