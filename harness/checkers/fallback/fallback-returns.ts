import { count } from '../../base/in-words.ts';
import type { PlannedAction, RelatedPhase } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { TRIAL_LATE_MS } from '../lib/tolerances.ts';
import { arrivalsIn, fallbackCalls, fallbackOutages, firstBreaker, orderOf, placeOf } from './fallback-calls.ts';

/** The script pauses between two calls for this share of the promised time. */
const PAUSED = 0.02;

/**
 * Checks that calls return to the first upstream within the promised time after it was healed, and that each call is
 * then made by one upstream alone.
 */
export const fallbackReturns: BuiltInChecker = {
  name: 'fallback-returns',
  timed: true,
  restsOn: ['steady-state', 'falls-back', 'fallback-breakers-apart'],
  usually:
    'The first upstream stays excluded for too long or forever, or several upstreams are called at the same time.',
  fix: 'Try the first upstream again when its breaker allows a trial, and call the others only after it has failed.',
  cases: (facts) =>
    planned(facts, 'fallback', 'no fallback', 'fallback outage')?.map((phase) => ({
      check: checkOf(phase),
      promises: promisesOf(facts, phase.endpoint),
    })),
  without: 'no endpoint has a fallback (endpoints.NAME.fallback)',
  judge: (history, facts) => endsOf(history, facts).map((end) => judge(history, facts, end)),
};

type Failure = PlannedAction<'fallback' | 'no fallback' | 'fallback outage'>;

const failureOf = (phase: Failure): string =>
  phase.action === 'fallback outage' ? 'a long outage' : `${phase.fault} at ${phase.failing.join(', ')}`;

const checkOf = (phase: Failure): string =>
  `returns to the first upstream after ${failureOf(phase)}: ${phase.endpoint}`;

/** Returns what promises the time: see `secondsOf`. */
function promisesOf(facts: Facts, endpoint: string): PromisePath[] {
  const { returnsWithinSeconds } = fallbackOf(facts.contract.endpoints[endpoint]?.fallback) ?? {};
  const breaker = firstBreaker(facts, endpoint);
  if (returnsWithinSeconds !== undefined) return [placeOf(facts, endpoint, 'returnsWithinSeconds')];
  return breaker ? [numberOf(breaker, 'recoverySeconds')] : [placeOf(facts, endpoint, 'order')];
}

/** The end of a failure. The script then calls until the first upstream is called. */
interface End {
  readonly phases: readonly PhaseEntry<RelatedPhase<'after'>>[];
  readonly of: Failure;
}

function endsOf(history: History, facts: Facts): End[] {
  const failures = [...fallbackCalls(history, facts), ...fallbackOutages(history)];
  return failures.map(({ phase }) => ({ phases: history.related('after', phase), of: phase }));
}

function judge(history: History, facts: Facts, { phases, of }: End): Finding {
  const { endpoint } = of;
  const [first = '', ...others] = orderOf(facts, endpoint);
  const seconds = secondsOf(facts, endpoint);
  const calls = history.sentIn(phases);
  const back = history.receiptsIn(phases, first);
  const elsewhere = arrivalsIn(history, phases, others);
  const [arrived] = back;
  const began = phases[0]?.at ?? Number.POSITIVE_INFINITY;
  const heal = history
    .all('fault')
    .find((fault) => fault.id === undefined && fault.upstream === first && fault.at >= began);
  const judged = {
    check: checkOf(of),
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
  const promisedMs = seconds * 1_000;
  const toleranceMs = promisedMs * PAUSED + TRIAL_LATE_MS;
  const late = [ms - promisedMs, toleranceMs, noiseOf(history, facts)(heal.at, arrived.at)] as const;
  return {
    ...judged,
    observed,
    verdict: back.length + elsewhere.length > calls.length ? 'FAIL' : judgeExcess(...late),
    evidence: whatIsLeft('measured: too late by', ...late),
  };
}

/** Returns the promised time: that of the fallback, or the recovery timeout of the first upstream's breaker. */
function secondsOf(facts: Facts, endpoint: string): number {
  const { returnsWithinSeconds } = fallbackOf(facts.contract.endpoints[endpoint]?.fallback) ?? {};
  return returnsWithinSeconds ?? firstBreaker(facts, endpoint)?.recoverySeconds ?? 0;
}
