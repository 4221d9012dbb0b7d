import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, breakerOf, type Facts, isServed, planned, tally } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { EARLY_MS, LATE_MS } from '../lib/tolerances.ts';

/** Fewer waiting callers prove nothing. */
const LEAST_CALLERS = 2;

/**
 * Checks a breaker whose callers wait for the result of a trial: while a trial is in progress, no other call reaches
 * the upstream. Soon after a successful trial, all callers are served. Soon after a failed one, they are rejected.
 *
 * The script makes several calls at once when a trial is due: in the phase "half-open", the trial fails, and in the
 * phase "crowd in trial", it succeeds. The upstream is slow, so that all calls arrive during the trial.
 */
export const trialWaitedFor: BuiltInChecker = {
  name: 'trial-waited-for',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-admits-one-trial'],
  usually:
    'Callers are rejected during a trial instead of waiting, are not woken when it ends, or are rejected although it succeeded.',
  fix: 'Let callers await the promise of the trial, and then go through the breaker again: `await trial.catch(() => {}); return call()`.',
  cases(facts) {
    const breaker = breakerOf(facts);
    if (breaker.duringTrial !== 'wait') return [];
    return planned(facts, 'half-open', 'crowd in trial')?.map(({ action }) => ({
      check: checkOf(breaker, action === 'crowd in trial'),
      promises: [promiseOf(breaker, 'duringTrial')],
    }));
  },
  without: 'calls do not wait for a trial (breakers.NAME.duringTrial: wait)',
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const { name, duringTrial } = breaker;
    if (duringTrial !== 'wait') return [];
    const crowds = history.phases('crowd in trial', { breaker: name });
    return [
      ...history.phases('half-open').map((phase) => judge(history, facts, breaker, { phase, isGood: false })),
      ...crowds.map((phase) => judge(history, facts, breaker, { phase, isGood: true })),
    ];
  },
};

const checkOf = ({ name }: Breaker, isGood: boolean): string =>
  `callers wait for a ${isGood ? 'good' : 'failed'} trial: ${name}`;

function judge(
  history: History,
  facts: Facts,
  breaker: Breaker,
  { phase, isGood }: { phase: PhaseEntry; isGood: boolean },
): Finding {
  const { upstream, refusal } = breaker;
  const judged = {
    check: checkOf(breaker, isGood),
    requests: tagsIn(phase),
    expected: isGood
      ? `all callers are served soon after the trial, and reach ${upstream} only then`
      : `all other callers get ${refusal} soon after the trial`,
  };
  const arrivals = history.receiptsIn(phase, upstream);
  const [trial] = arrivals;
  if (!trial?.endedAt) return { ...judged, observed: 'there was no trial', verdict: 'INCONCLUSIVE' };
  const { at: began, endedAt: ended } = trial;
  const noise = noiseOf(history, facts);
  const early = ended - EARLY_MS - noiseOfNote(noise, ended);
  // One of the served callers made the trial itself.
  const callers = history
    .requestsIn(phase)
    .filter((request) => request.at < early && (isGood || request.status === refusal));
  const beside = arrivals.filter(({ at }) => at > began && at < early).length;
  const atOnce = callers.filter((caller) => answered(caller) < early);
  const unserved = isGood ? callers.filter((caller) => !isServed(facts, caller)) : [];
  const longestMs = LATE_MS + (isGood ? ended - began : 0);
  const late = callers.map((caller) =>
    judgeExcess(answered(caller) - ended, longestMs, noise(ended, answered(caller))),
  );
  const last = Math.max(ended, ...callers.map(answered));
  return {
    ...judged,
    observed: describe(callers, { beside, atOnce: atOnce.length, ended }),
    verdict:
      beside + atOnce.length + unserved.length > 0
        ? 'FAIL'
        : callers.length < LEAST_CALLERS
          ? 'INCONCLUSIVE'
          : worst(late),
    evidence: [
      ...(callers.length < LEAST_CALLERS
        ? whatIsLeft('calls count during the trial:', ended - began, EARLY_MS, noiseOfNote(noise, ended))
        : []),
      ...whatIsLeft('measured: last answer after the trial by', last - ended, longestMs, noise(ended, last)),
    ],
  };
}

function describe(
  callers: readonly RequestSample[],
  { beside, atOnce, ended }: { beside: number; atOnce: number; ended: number },
): string {
  const last = Math.max(0, ...callers.map(answered).map((at) => (at - ended) / 1_000));
  return [
    `${count(callers.length, 'caller')} during the trial: ${tally(callers.map(answerOf))}`,
    `the last answer ${last.toFixed(2)} s after it`,
    ...(beside > 0 ? [`${count(beside, 'other call')} reached it during the trial`] : []),
    ...(atOnce > 0 ? [`${atOnce} answered during the trial`] : []),
  ].join('; ');
}
