import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { type BuiltInChecker, type Case, countedBreakers, type Facts, planned, tally } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { asTime, noiseOf } from '../lib/noise.ts';
import { firstSent, lastSent } from '../lib/request-times.ts';
import { mostAtOnce, OVERLAP_MS } from './at-once.ts';

/** Noise above which calls may not have arrived in time, in milliseconds. The script waits 3 s for them. */
const SLOW_MS = 1_500;

/** The crowds before which no call has failed. */
const UNDISTURBED = ['crowd', 'crowd of streams'] as const;

const WITHOUT = 'no upstream has a promised number of concurrent calls (upstreams.NAME.concurrency)';

type Action = 'crowd' | 'crowd after failures' | 'crowd of streams';

/** Returns the name of a crowd of simultaneous callers. */
const crowdOf = ({ action, upstream }: { action: Action; upstream: string }): string =>
  action === 'crowd of streams' ? `${upstream}, streams` : upstream;

/** Returns a case for each planned crowd of these kinds. */
const casesOf = (facts: Facts, checkOf: (crowd: string) => string, ...actions: Action[]): Case[] | undefined =>
  planned(facts, ...actions)?.map((phase) => ({
    check: checkOf(crowdOf(phase)),
    promises: [['upstreams', phase.upstream, 'concurrency']],
  }));

/**
 * Checks that never more calls than the contract promises are in progress at an upstream at the same time. The upstream
 * holds all calls of the phase, and there are more callers than calls that it may get. It holds streams after their
 * first event, because a slot must be held until the stream has ended.
 */
export const upstreamConcurrency: BuiltInChecker = {
  name: 'upstream-concurrency',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, each endpoint, client or process has its own limit, or a slot is released after the headers of a stream.',
  fix: 'Put one semaphore with the promised number around all calls to this upstream. If there are several processes, divide the promised number among them.',
  cases: (facts) => casesOf(facts, checkOfTooMany, ...UNDISTURBED),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts, ...UNDISTURBED).map(({ of, promised, most, isEnough, seen }) => ({
      ...seen,
      check: checkOfTooMany(of),
      expected: `never more than ${count(promised, 'call')} at once`,
      verdict: most > promised ? 'FAIL' : isEnough ? 'PASS' : 'INCONCLUSIVE',
    })),
};

const checkOfTooMany = (crowd: string): string => `not too many calls at once: ${crowd}`;

/** Checks that as many calls as the contract promises are in progress at the same time, if there are enough callers. */
export const upstreamConcurrencyReached: BuiltInChecker = {
  name: 'upstream-concurrency-reached',
  restsOn: ['steady-state'],
  usually:
    'A lock, a pool of connections or a single worker serves fewer callers, or the limit is shared with other calls.',
  fix: 'Raise the number of connections of the HTTP agent or the pool to the promised one, and hold no lock during the call.',
  cases: (facts) => casesOf(facts, checkOfEnough, ...UNDISTURBED),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts, ...UNDISTURBED).map(({ of, promised, most, isEnough, isSlow, whySlow, seen }) => ({
      ...seen,
      check: checkOfEnough(of),
      expected: `${count(promised, 'call')} at once`,
      verdict: most >= promised ? 'PASS' : isEnough && !isSlow ? 'FAIL' : 'INCONCLUSIVE',
      ...(isSlow && most < promised && { evidence: [...(seen.evidence ?? []), whySlow] }),
    })),
};

const checkOfEnough = (crowd: string): string => `enough calls at once: ${crowd}`;

/**
 * Checks that calls which failed or timed out have given back their slots: a crowd after them has as many calls in
 * progress as promised. Fewer calls fail than there are slots, so that a crowd after a leak still has some.
 */
export const slotsReleased: BuiltInChecker = {
  name: 'slots-released',
  restsOn: ['steady-state', 'upstream-concurrency-reached'],
  usually:
    'A call keeps its slot, its lock or its pooled connection if it fails, times out, or is refused by a breaker.',
  fix: 'Release the slot in `finally`, `defer` or a context manager that surrounds the whole call, so that no error path leaves it out.',
  cases: (facts) => casesOf(facts, checkOfReleased, 'crowd after failures'),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts, 'crowd after failures').map(
      ({ of, promised, most, isEnough, isSlow, whySlow, seen, unreachedFrom }) => {
        const failing = history.receiptsIn(history.phases('failing crowd', { upstream: of }), of);
        const failed = failing.filter(({ faults }) => faults.length > 0).length;
        const evidence = [`${count(failed, 'call')} had failed at ${of} before`, ...(seen.evidence ?? [])];
        const judged = {
          ...seen,
          check: checkOfReleased(of),
          expected: `${count(promised, 'call')} at once`,
          evidence,
        };
        if (failed > 0 && isShutOut(history, facts, of, unreachedFrom)) return { ...judged, verdict: 'FAIL' };
        if (failed === 0 || !isEnough) return { ...judged, verdict: 'INCONCLUSIVE' };
        if (most >= promised) return { ...judged, verdict: 'PASS' };
        if (isSlow) return { ...judged, evidence: [...evidence, whySlow], verdict: 'INCONCLUSIVE' };
        return { ...judged, verdict: 'FAIL' };
      },
    ),
};

/** How many recovery timeouts after the last call to an upstream none of its breakers may still be open. */
const TIMEOUTS = 2;

/**
 * Whether a crowd got no slot at all, although its upstream worked and its breakers had the time for a trial.
 *
 * @param from When the first of its calls was sent. Absent if a call of the crowd reached the upstream.
 */
function isShutOut(history: History, facts: Facts, upstream: string, from: number | undefined): boolean {
  if (from === undefined) return false;
  const breakers = countedBreakers(facts).filter((breaker) => breaker.upstream === upstream);
  const dueMs = Math.max(0, ...breakers.map(({ recoverySeconds }) => TIMEOUTS * 1_000 * recoverySeconds));
  const before = history.receipts('request', upstream).filter(({ at }) => at < from);
  const last = Math.max(...before.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  return last + dueMs + noiseOf(history, facts)(last, from) < from;
}

const checkOfReleased = (upstream: string): string => `enough calls at once after failures: ${upstream}`;

/** Returns the observations for each crowd of callers of these kinds, at an upstream with a promise. */
const crowds = (history: History, facts: Facts, ...actions: readonly Action[]) =>
  Object.entries(facts.contract.upstreams).flatMap(([upstream, { concurrency: promised }]) => {
    if (promised === undefined) return [];
    return actions.flatMap((action) => {
      const entries = history.phases(action, { upstream });
      // Streams are optional, so that no phase is nothing to judge.
      const phases: readonly Phases[] = action === 'crowd of streams' ? entries : eachEntry(entries);
      return phases.map((phase) => ({
        ...crowdIn(history, facts, phase, upstream, promised),
        of: crowdOf({ action, upstream }),
      }));
    });
  });

function crowdIn(history: History, facts: Facts, phase: Phases, upstream: string, promised: number) {
  const [sent, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const most = mostAtOnce(arrived);
  const isEnough = sent.length > promised && arrived.length > 0;
  const noise = noiseOf(history, facts)(firstSent(sent), lastSent(sent) + SLOW_MS);
  const whySlow = `machine noise may delay calls by ${asTime(noise)}: too late to be counted`;
  const touching = mostAtOnce(arrived, 0) - most;
  const evidence = `measured: ${most + touching} at once minus ${touching} that overlapped by at most ${asTime(OVERLAP_MS)}: ${most}`;
  const observed = `at most ${most}, for ${count(sent.length, 'caller')}: ${tally(sent.map(answerOf))}`;
  const seen = { requests: tagsIn(phase), observed, ...(touching > 0 && { evidence: [evidence] }) };
  const unreachedFrom = sent.length > promised && arrived.length === 0 ? firstSent(sent) : undefined;
  return { unreachedFrom, promised, most, isEnough, isSlow: noise >= SLOW_MS, whySlow, seen };
}
