import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, breakerOf, howManyReached, tally } from '../lib/checker.ts';
import { noiseOf, whatIsLeft } from '../lib/noise.ts';
import { triedWhileOpen } from '../lib/opened-at.ts';
import { firstSent, lastAnswered } from '../lib/request-times.ts';
import { TRIAL_LATE_MS } from '../lib/tolerances.ts';
import { isOverdue } from './overdue.ts';
import { whyTrialLate } from './why-trial-late.ts';

/**
 * Calls sent within this many milliseconds of each other count as simultaneous. If the generator pauses, it sends the
 * remaining calls too late.
 */
const TOGETHER_MS = 100;

/**
 * Checks that after the recovery timeout, exactly one of many simultaneous calls goes through as the trial, and the
 * others are rejected. If the contract allows several trials, exactly that many must go through; if it allows any
 * number, at least one.
 *
 * The script makes these calls in the phase "half-open" while the upstream is slow, so that all of them arrive during
 * the trial. If none goes through, the calls that the script makes in the phase "reopened" show whether one does later.
 */
export const breakerAdmitsOneTrial: BuiltInChecker = {
  name: 'breaker-admits-one-trial',
  restsOn: ['breaker-opens', 'trial-by-own-calls'],
  usually: 'While half-open, the breaker lets every waiting call through instead of one, or never becomes half-open.',
  fix: 'Claim the trial in one atomic step, and reject all other calls until it has ended. Compute the half-open state from the time, not with a timer that a busy process delays.',
  cases(facts) {
    const breaker = breakerOf(facts);
    const isRefused = breaker.duringTrial === 'refused' && breaker.trying.most !== undefined;
    const promises = [promiseOf(breaker, 'trials'), ...(isRefused ? [promiseOf(breaker, 'duringTrial')] : [])];
    return [{ check: checkOf(breaker), promises }];
  },
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const { upstream, recoverySeconds, refusal, trying } = breaker;
    const { most } = trying;
    const isAny = most === undefined;
    const reach = isAny ? 'at least 1' : `exactly ${most}`;
    const phases = history.phases('half-open');
    const [calls, sent] = [history.requestsIn(phases), history.sentIn(phases)];
    const reached = history.receiptsIn(phases, upstream);
    const statuses = tally(calls.map(answerOf));
    const judged = {
      check: checkOf(breaker),
      requests: tagsIn(phases),
      expected: `${reach} of many simultaneous calls reach ${upstream}, the others get ${refusal}`,
      observed: `${howManyReached(reached.length, calls.length)}: ${statuses}`,
    };
    const say = (verdict: Finding['verdict'], evidence: string[] = []): Finding[] => [{ ...judged, verdict, evidence }];
    if (calls.length <= (most ?? 1)) return say('INCONCLUSIVE');
    if (triedWhileOpen(history, facts)) return say('INCONCLUSIVE', ['an earlier call may have been the trial']);
    if (reached.length > (most ?? calls.length)) return say('FAIL');
    if (reached.length === 0) {
      const opened = lastAnswered(history.requestsIn(history.phases('opening')));
      const [due, noise] = [opened + recoverySeconds * 1_000, noiseOf(history, facts)];
      const reopened = history.phases('reopened');
      const [next] = history.receiptsIn(reopened, upstream);
      const waiting = history
        .requestsIn(reopened)
        .filter(({ status, at }) => status === refusal && !(next && at > next.at));
      const isLate = ({ at }: (typeof calls)[number]) => at - due > TRIAL_LATE_MS + noise(due, at);
      const late = isOverdue(waiting, due + TRIAL_LATE_MS) || [...calls, ...waiting].some(isLate);
      const last = Math.max(...[...calls, ...waiting].map(({ at }) => at));
      const left = whatIsLeft('measured: still refused too late by', last - due, TRIAL_LATE_MS, noise(due, last));
      if (!late) return say('INCONCLUSIVE', left);
      const usually = whyTrialLate(history, breaker, opened);
      return [{ ...judged, verdict: 'FAIL', evidence: left, usually }];
    }
    const refused = calls.filter(({ status }) => status === refusal).length;
    // Calls without a usable result may have reached the upstream.
    const due = calls.length - reached.length;
    const highest = failsAsRefused(history, refusal) ? calls.length : due + sent.length - calls.length;
    if (refused < due || refused > highest) return say('FAIL');
    const end = reached[0]?.endedAt ?? Number.POSITIVE_INFINITY;
    const until = Math.min(end, firstSent(calls) + TOGETHER_MS);
    const together = calls.filter(({ at }) => at < until).length;
    const evidence = `${together} were sent within ${TOGETHER_MS} ms, before the trial ended`;
    const enough = together >= Math.max((most ?? 1) + 1, calls.length / 2);
    if (reached.length < (most ?? 1)) return say(enough ? 'FAIL' : 'INCONCLUSIVE', [evidence]);
    return say(enough ? 'PASS' : 'INCONCLUSIVE', [evidence]);
  },
};

const checkOf = (breaker: Breaker): string => `admits ${trialsOf(breaker)}`;

/** Whether calls that fail with their upstream get the status of a refusal, as the first one did. */
const failsAsRefused = (history: History, refusal: number): boolean =>
  history.requestsIn([...history.phases('below'), ...history.phases('opening')])[0]?.status === refusal;

function trialsOf({ trying: { most } }: Breaker): string {
  if (most === undefined) return 'a trial';
  return most === 1 ? 'one trial' : `${most} trials`;
}
