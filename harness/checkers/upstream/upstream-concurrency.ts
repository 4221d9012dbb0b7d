import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Case, countedBreakers, type Facts, planned, tally } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { unlessTooFew } from '../lib/few-calls.ts';
import { asTime, noiseOf } from '../lib/noise.ts';
import { firstSent, lastSent } from '../lib/request-times.ts';
import { mostAtOnce, OVERLAP_MS } from './at-once.ts';

/** Noise above which calls may not have arrived in time, in milliseconds. The script waits 3 s for them. */
const SLOW_MS = 1_500;

/** The crowds before which no call has failed, and all crowds. */
const UNDISTURBED = ['crowd', 'crowd of streams'] as const;
const ALL = [...UNDISTURBED, 'crowd after failures'] as const;

const BEYOND = 'one call more than the upstream may get';

const WITHOUT = 'no upstream has a promised number of concurrent calls (upstreams.NAME.concurrency)';

type Action = 'crowd' | 'crowd after failures' | 'crowd of streams';

/** What is added to the name of an upstream in the name of a crowd. */
const SPECIAL: Partial<Record<Action, string>> = {
  'crowd of streams': ', streams',
  'crowd after failures': ', after failures',
};

/** Returns the name of a crowd of simultaneous callers. */
const crowdOf = ({ action, upstream }: { action: Action; upstream: string }): string =>
  `${upstream}${SPECIAL[action] ?? ''}`;

/** Returns a case for each planned crowd of these kinds. */
const casesOf = (facts: Facts, checkOf: (crowd: string) => string, ...actions: Action[]): Case[] | undefined =>
  planned(facts, ...actions)?.map((phase) => ({
    check: checkOf(crowdOf(phase)),
    promises: [['upstreams', phase.upstream, 'concurrency']],
  }));

/**
 * Checks that never more calls than the contract promises are in progress at an upstream at the same time. The upstream
 * holds all calls of the phase, and there are more callers than calls that it may get. It holds streams after their
 * first event, because a slot must be held until the stream has ended. Another crowd comes after calls have failed, and
 * after callers have got their turn from others: no slot may be released twice.
 */
export const upstreamConcurrency: BuiltInChecker = {
  name: 'upstream-concurrency',
  restsOn: ['steady-state'],
  usually:
    'Nothing limits the calls, each endpoint, client or process has its own limit, or a slot is released after the headers of a stream.',
  fix: 'Put one semaphore with the promised number around all calls to this upstream. If there are several processes, divide the promised number among them.',
  cases: (facts) => casesOf(facts, checkOfTooMany, ...ALL),
  without: WITHOUT,
  judge(history, facts) {
    const all = crowds(history, facts, ...ALL);
    return all.map((crowd): Finding => {
      const { of, upstream, action, promised, most, certain, isEnough, seen } = crowd;
      const isLater = action === 'crowd after failures';
      const first = all.find((other) => other.upstream === upstream);
      const isExceeded = (isLater ? certain : most) > promised;
      const finding: Finding = {
        ...seen,
        check: checkOfTooMany(of),
        expected: `never more than ${count(promised, 'call')} at once`,
        verdict: isExceeded ? 'FAIL' : isEnough && most <= promised ? 'PASS' : 'INCONCLUSIVE',
        ...(isLater && isExceeded && first?.isEnough && first.most <= promised && { usually: twice(first.most, most) }),
      };
      return isExceeded ? finding : unlessTooFew(finding, facts, promised + 1, BEYOND);
    });
  },
};

const twice = (first: number, most: number): string =>
  `A slot is released twice: there were ${first} at once at first, and ${most} after calls had failed and others had waited for their turn. ` +
  'Release it once: on an error, or when it is passed on to a caller who waits.';

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
    crowds(history, facts, ...UNDISTURBED).map(({ of, promised, most, isEnough, isSlow, whySlow, seen }) => {
      const finding: Finding = {
        ...seen,
        check: checkOfEnough(of),
        expected: `${count(promised, 'call')} at once`,
        verdict: most >= promised ? 'PASS' : isEnough && !isSlow ? 'FAIL' : 'INCONCLUSIVE',
        ...(isSlow && most < promised && { evidence: [...(seen.evidence ?? []), whySlow] }),
      };
      return most >= promised ? finding : unlessTooFew(finding, facts, promised + 1, BEYOND);
    }),
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
  cases: (facts) =>
    planned(facts, 'crowd after failures')?.map(({ upstream }) => ({
      check: checkOfReleased(upstream),
      promises: [['upstreams', upstream, 'concurrency']],
    })),
  without: WITHOUT,
  judge: (history, facts) =>
    crowds(history, facts, 'crowd after failures').map((crowd) =>
      unlessTooFew(released(history, facts, crowd), facts, crowd.promised + 1, BEYOND),
    ),
};

function released(
  history: History,
  facts: Facts,
  { upstream, promised, most, isEnough, isSlow, whySlow, seen, unreachedFrom }: Crowd,
): Finding {
  // Calls one after another are refused now and then, so that a leak may have taken all slots before the crowds.
  const failing = (['one after another', 'failing crowd'] as const).flatMap((action) =>
    history.receiptsIn(history.phases(action, { upstream }), upstream),
  );
  const failed = failing.filter(({ faults }) => faults.length > 0).length;
  const evidence = [`${count(failed, 'call')} had failed at ${upstream} before`, ...(seen.evidence ?? [])];
  const judged = {
    ...seen,
    check: checkOfReleased(upstream),
    expected: `${count(promised, 'call')} at once`,
    evidence,
  };
  if (failed > 0 && isShutOut(history, facts, upstream, unreachedFrom)) return { ...judged, verdict: 'FAIL' };
  if (failed === 0 || !isEnough) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (most >= promised) return { ...judged, verdict: 'PASS' };
  if (isSlow) return { ...judged, evidence: [...evidence, whySlow], verdict: 'INCONCLUSIVE' };
  return { ...judged, verdict: 'FAIL' };
}

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
      // The plan says whether there are others.
      const phases: readonly Phases[] = action === 'crowd' ? eachEntry(entries) : entries;
      return phases.map((phase) => ({
        ...crowdIn(history, facts, phase, upstream, promised),
        action,
        upstream,
        of: crowdOf({ action, upstream }),
      }));
    });
  });

type Crowd = ReturnType<typeof crowds>[number];

function crowdIn(history: History, facts: Facts, phase: Phases, upstream: string, promised: number) {
  const [sent, arrived] = [history.sentIn(phase), history.receiptsIn(phase, upstream)];
  const most = mostAtOnce(arrived);
  const isEnough = sent.length > promised && arrived.length > 0;
  const noise = noiseOf(history, facts)(firstSent(sent), lastSent(sent) + SLOW_MS);
  // Calls that time out may be seen to end after those that take their slots have arrived.
  const certain = mostAtOnce(arrived, OVERLAP_MS + noise);
  const whySlow = `machine noise may delay calls by ${asTime(noise)}: too late to be counted`;
  const touching = mostAtOnce(arrived, 0) - most;
  const evidence = `measured: ${most + touching} at once minus ${touching} that overlapped by at most ${asTime(OVERLAP_MS)}: ${most}`;
  const observed = `at most ${most}, for ${count(sent.length, 'caller')}: ${tally(sent.map(answerOf))}`;
  const seen = { requests: tagsIn(phase), observed, ...(touching > 0 && { evidence: [evidence] }) };
  const unreachedFrom = sent.length > promised && arrived.length === 0 ? firstSent(sent) : undefined;
  return { unreachedFrom, promised, most, certain, isEnough, isSlow: noise >= SLOW_MS, whySlow, seen };
}
