import { count } from '../../base/in-words.ts';
import type { RelatedPhase } from '../../contract/phases.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { TRIAL_LATE_MS } from '../lib/tolerances.ts';
import { arrivalsIn, fallbackCalls, fallbackOutages, firstBreaker, orderOf } from './fallback-calls.ts';

/** The script pauses between two calls for this share of the promised time. */
const PAUSED = 0.02;

/**
 * Checks that calls return to the first upstream within the promised time after it was healed, and that each call is
 * then made by one upstream alone.
 */
export const fallbackReturns: Checker = {
  name: 'fallback-returns',
  timed: true,
  restsOn: ['steady-state', 'falls-back', 'fallback-breakers-apart'],
  usually:
    'The first upstream stays excluded for too long or for ever, or several upstreams are called at the same time.',
  judge: (history, facts) => endsOf(history, facts).map((end) => judge(history, facts, end)),
};

/** The end of a failure, in words. The script then calls until the first upstream is called. */
interface End {
  readonly phases: readonly PhaseEntry<RelatedPhase<'after'>>[];
  readonly endpoint: string;
  readonly failure: string;
}

function endsOf(history: History, facts: Facts): End[] {
  const end = (phase: PhaseEntry & { readonly endpoint: string }, failure: string): End => ({
    phases: history.related('after', phase),
    endpoint: phase.endpoint,
    failure,
  });
  return [
    ...fallbackCalls(history, facts).map(({ phase, fault, failing }) =>
      end(phase, `${fault} at ${failing.join(', ')}`),
    ),
    ...fallbackOutages(history).map(({ phase }) => end(phase, 'a long outage')),
  ];
}

function judge(history: History, facts: Facts, { phases, endpoint, failure }: End): Finding {
  const [first = '', ...others] = orderOf(facts, endpoint);
  const seconds = secondsOf(facts, endpoint);
  const calls = history.sentIn(phases);
  const back = history.receiptsIn(phases, first);
  const elsewhere = arrivalsIn(history, phases, others);
  const [arrived] = back;
  const began = phases[0]?.at ?? Number.POSITIVE_INFINITY;
  const heal = history.all('fault').find((one) => one.id === undefined && one.upstream === first && one.at >= began);
  const judged = {
    check: `returns to the first upstream after ${failure}: ${endpoint}`,
    requests: tagsIn(phases),
    expected: `${first} is called within ${seconds} s, and from then on no other upstream`,
  };
  if (!heal || calls.length === 0) return { ...judged, observed: 'no call', verdict: 'INCONCLUSIVE' };
  if (!arrived) {
    const waited = ((lastAnswered(calls) - heal.at) / 1_000).toFixed(2);
    return { ...judged, observed: `not called in ${waited} s`, verdict: 'FAIL' };
  }
  const ms = arrived.at - heal.at;
  const requests = count(back.length + elsewhere.length, 'request');
  const observed = `called after ${(Math.max(0, ms) / 1_000).toFixed(2)} s; ${count(calls.length, 'call')} made ${requests}`;
  const late = judgeExcess(
    ms,
    seconds * (1 + PAUSED) * 1_000 + TRIAL_LATE_MS,
    noiseOf(history, facts)(heal.at, arrived.at),
  );
  return { ...judged, observed, verdict: back.length + elsewhere.length > calls.length ? 'FAIL' : late };
}

/** Returns the promised time: that of the fallback, or the recovery timeout of the first upstream's breaker. */
function secondsOf(facts: Facts, endpoint: string): number {
  const { returnsWithinSeconds } = fallbackOf(facts.contract.endpoints[endpoint]?.fallback) ?? {};
  return returnsWithinSeconds ?? firstBreaker(facts, endpoint)?.recoverySeconds ?? 0;
}
