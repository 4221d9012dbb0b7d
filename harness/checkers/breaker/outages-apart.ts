import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { numberOf, whenItCloses, whenItOpens } from '../lib/breaker-promises.ts';
import {
  type Breaker,
  type BuiltInChecker,
  type Facts,
  howManyReached,
  judgedBreakers,
  tally,
  withEvidence,
} from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { openAfter } from '../lib/open-after.ts';
import { ifPrimed } from '../lib/primed.ts';
import { answered } from '../lib/request-times.ts';
import { EARLY_MS, LATE_MS } from '../lib/tolerances.ts';
import { gapsBeforeRounds } from './trial-rounds.ts';

/**
 * Checks that breakers are independent of each other even if all upstreams are down. Each must open because of its own
 * failures, stay open while its upstream is down, and close after its own trial. The upstreams recover one by one in
 * the order of the contract, while the remaining ones are still down.
 */
export const outagesApart: BuiltInChecker = {
  name: 'outages-apart',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-reopens', 'breaker-closes'],
  usually: 'Two upstreams share one breaker or its state, or one call passes through both breakers.',
  fix: 'Create one breaker for each upstream, with its own state, and let a call count only for its upstream.',
  cases(facts) {
    const breakers = judgedBreakers(facts);
    return [
      ...breakers.map((breaker) => ({ check: opensCheck(breaker), promises: [whenItOpens(breaker)] })),
      ...breakers
        .slice(1)
        .map((breaker) => ({ check: staysOpenCheck(breaker), promises: [numberOf(breaker, 'recoverySeconds')] })),
      ...breakers.map((breaker) => ({
        check: closesCheck(breaker),
        promises: [numberOf(breaker, 'recoverySeconds'), ...whenItCloses(breaker)],
      })),
    ];
  },
  without: 'no breaker has a failure that is never retried and an endpoint that fails with it',
  judge(history, facts) {
    const breakers = judgedBreakers(facts);
    const noise = noiseOf(history, facts);
    return [
      ...breakers.map((breaker) => opens(history, facts, breaker)),
      ...breakers.slice(1).map((breaker) => staysOpen(history, breaker, noise)),
      ...breakers.map((breaker) => closes(history, breaker, noise)),
    ];
  },
};

const opensCheck = ({ name }: Breaker): string => `opens independently: ${name}`;
const staysOpenCheck = ({ name }: Breaker): string => `stays open while its upstream is out: ${name}`;
const closesCheck = ({ name }: Breaker): string => `closes independently: ${name}`;

function opens(history: History, facts: Facts, breaker: Breaker): Finding {
  const { name, upstream, opening } = breaker;
  const threshold = opening.failures;
  const phases = history.phases('both out', { breaker: name });
  const [calls, reached] = [history.requestsIn(phases), history.receiptsIn(phases, upstream)];
  const after = openAfter(history, facts, { phase: phases, breaker, calls, reached });
  const isWrong = reached.length < threshold || calls.some(({ status }) => status === 0);
  const verdict = calls.length !== threshold ? 'INCONCLUSIVE' : isWrong ? 'FAIL' : after.verdict;
  const finding: Finding = {
    check: opensCheck(breaker),
    requests: tagsIn([...phases, ...history.related('after', phases)]),
    expected: `exactly ${count(threshold, 'consecutive failure')} reach ${upstream}`,
    observed: `${howManyReached(reached.length, calls.length)}, ${after.observed}`,
    verdict: reached.length > threshold ? 'INCONCLUSIVE' : verdict,
  };
  const others = reached.length < threshold ? othersHint(history, facts, breaker, reached.length) : [];
  return ifPrimed(history, breaker, withEvidence(finding, [...others, ...after.evidence]), { phase: phases });
}

/** Names the failures of other upstreams that a breaker may have counted, if it opened too early. */
function othersHint(history: History, facts: Facts, { name, upstream }: Breaker, own: number): string[] {
  const began = history.phases('both out', { breaker: name })[0]?.at ?? Number.NEGATIVE_INFINITY;
  return judgedBreakers(facts)
    .filter(
      (other) =>
        other.upstream !== upstream && (history.phases('both out', { breaker: other.name })[0]?.at ?? began) < began,
    )
    .map((other) => {
      const failed = count(
        history.receiptsIn(history.phases('both out', { breaker: other.name }), other.upstream).length,
        'failure',
      );
      return own === 0
        ? `it shares a breaker with ${other.name}: it was open after ${failed} of ${other.upstream}`
        : `it opened after ${count(own, 'failure')}: it counts other failures, too, such as the ${failed} of ${other.upstream} before`;
    });
}

/**
 * Calls that still reach an upstream during its outage must be trials. There is one recovery timeout between them, or
 * between rounds if the breaker allows several trials.
 */
function staysOpen(history: History, breaker: Breaker, noise: Noise): Finding {
  const { name, upstream, recoverySeconds, trying } = breaker;
  const phases = history.phases('both out', { breaker: name });
  const [after, back] = [history.related('after', phases), history.phases('back', { breaker: name })];
  const failures = history.receiptsIn(phases, upstream);
  const [last] = failures.slice(-1);
  const judged: Pick<Finding, 'check' | 'requests' | 'expected'> = {
    check: staysOpenCheck(breaker),
    requests: tagsIn([...phases, ...after, ...back]),
    expected: `no call reaches ${upstream} within ${recoverySeconds} s after the last failure`,
  };
  const [from, until] = [after.at(-1)?.at, back[0]?.at];
  const others = history.phases('closed again').filter(({ at }) => at < (until ?? 0));
  const isOpened = history.sentIn(phases).every(tells);
  if (!isOpened || !last || from === undefined || until === undefined || others.length === 0) {
    return { ...judged, observed: 'no other upstream recovered in the meantime', verdict: 'INCONCLUSIVE' };
  }
  const trials = history.receipts('request', upstream).filter(({ at }) => at > from && at < until);
  const gaps = gapsBeforeRounds(trials, last.endedAt, trying);
  const soonest = Math.min(...gaps.map(({ ms }) => ms));
  const early = gaps.map(({ ms, opened }) => {
    const excess = [recoverySeconds * 1_000 - ms, EARLY_MS, noiseOfNote(noise, opened)] as const;
    return { verdict: judgeExcess(...excess), left: whatIsLeft('measured: too early by', ...excess) };
  });
  const observed = `${count(trials.length, 'call')} reached it${trials.length > 0 ? `, the earliest after ${(soonest / 1_000).toFixed(2)} s` : ''}`;
  return {
    ...judged,
    observed,
    verdict: worst(['PASS', ...early.map(({ verdict }) => verdict)]),
    evidence: early.flatMap(({ left }) => left),
  };
}

function closes(history: History, breaker: Breaker, noise: Noise): Finding {
  const { name, upstream, recoverySeconds, refusal } = breaker;
  const back = history.phases('back', { breaker: name });
  const closed = history.phases('closed again', { breaker: name });
  const judged = {
    check: closesCheck(breaker),
    requests: tagsIn([...back, ...closed]),
    expected: `a trial within ${recoverySeconds} s, and then every call reaches ${upstream}`,
  };
  const healed = back.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  const due = healed + recoverySeconds * 1_000;
  const excess = (at: number) => [at - due, LATE_MS, noise(due, at)] as const;
  const [trial] = history.receiptsIn(back, upstream);
  const late = history
    .requestsIn(back)
    .findLast((call) => call.status === refusal && answered(call) < (trial?.at ?? Number.POSITIVE_INFINITY));
  const lateness = late ? judgeExcess(...excess(late.at)) : 'PASS';
  const evidence = late ? whatIsLeft('measured: still refused too late by', ...excess(late.at)) : [];
  if (late && lateness !== 'PASS') {
    const observed = `a call was still refused after ${((late.at - healed) / 1_000).toFixed(2)} s`;
    return { ...judged, observed, verdict: lateness, evidence };
  }
  if (!trial) return { ...judged, observed: 'no call came late enough to be the trial', verdict: 'INCONCLUSIVE' };
  const calls = history.requestsIn(closed);
  const reached = history.receiptsIn(closed, upstream).length;
  const held = reached >= calls.length && calls.every(({ status }) => status !== 0);
  return {
    ...judged,
    observed: `${howManyReached(reached, calls.length)}: ${tally(calls.map(answerOf))}`,
    verdict: calls.length < 2 ? 'INCONCLUSIVE' : held ? 'PASS' : 'FAIL',
    evidence,
  };
}
