import { count } from '../../base/in-words.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import {
  abandonedIn,
  type Cancelled,
  cancelledCalls,
  casesOfCancelled,
  leaversIn,
  NO_CANCELS,
  nextUpstreamsOf,
  whyEndedAnyway,
} from '../lib/abandoned.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { asTime, judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { firstAnswered, lastAnswered } from '../lib/request-times.ts';
import { CLOCKS_MS, EARLY_MS } from '../lib/tolerances.ts';

/**
 * Checks that calls to an upstream end within the promised time after their callers have left, and that the service
 * makes no more calls for them, neither to this upstream nor to the next one of a fallback. The call of a caller who
 * stays must last longer: otherwise the service's own timeout may have ended the calls. A call that was still in
 * progress when the script healed the upstream has not ended.
 */
export const abandonedCallsEnd: BuiltInChecker = {
  name: 'abandoned-calls-end',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    "The upstream call isn't tied to the caller's request: pass an abort signal on, cancel the task when the connection closes, and don't retry or fall back afterwards.",
  fix: 'Abort the call when the connection of the caller closes: `response.once("close", () => controller.abort())` in Node, `request.is_disconnected()` or a cancelled task in Starlette. Check the signal before each further attempt.',
  cases: (facts) => casesOfCancelled(facts, checkOf),
  without: NO_CANCELS,
  judge: (history, facts) =>
    cancelledCalls(facts).flatMap(({ endpoint, upstream, withinSeconds }) =>
      eachEntry(history.phases('left', { endpoint, upstream })).map((phase) =>
        judge(history, facts, { endpoint, upstream, withinSeconds, phase }),
      ),
    ),
};

const checkOf = ({ endpoint, upstream }: Pick<Cancelled, 'endpoint' | 'upstream'>): string =>
  `ends calls of callers who left: ${endpoint} at ${upstream}`;

/** Calls whose callers leave in a phase. */
interface Left extends Cancelled {
  phase: Phases;
}

function judge(history: History, facts: Facts, cancelled: Left): Finding {
  const { upstream, withinSeconds, phase } = cancelled;
  const judged = {
    check: checkOf(cancelled),
    requests: tagsIn(phase),
    expected: `each call to ${upstream} ends within ${withinSeconds} s after its caller left`,
  };
  const leavers = leaversIn(history, phase);
  const abandoned = abandonedIn(history, phase, upstream);
  if (abandoned.length === 0) {
    return { ...judged, observed: `no caller left during a call to ${upstream}`, verdict: 'INCONCLUSIVE' };
  }
  const left = lastAnswered(leavers);
  const within = withinSeconds * 1_000;
  const tolerance = EARLY_MS + CLOCKS_MS;
  const limit = within + tolerance;
  const noise = noiseOf(history, facts)(left, left + limit);
  const ends = abandoned.map((receipt) => endAfter(receipt, left));
  const verdictOf = ({ ms, isByService }: End): Verdict => {
    if (isByService) return judgeExcess(ms, limit, noise);
    return ms > limit + noise ? 'FAIL' : 'INCONCLUSIVE';
  };
  const late = worst(ends.map(verdictOf));
  const ended = ends.filter(({ isByService }) => isByService).map(({ ms }) => ms);
  const open = ends.filter(({ isByService }) => !isByService);
  const begun = history
    .receiptsIn(phase, upstream)
    .filter(({ at }) => at >= left)
    .map((receipt) => endAfter(receipt, left))
    .filter((end) => end.ms > limit + noise);
  const moved = movedOn(history, facts, cancelled, leavers);
  const observed = [
    howTheyEnded(abandoned.length, ended),
    ...(begun.length === 0 ? [] : [`${count(begun.length, 'call')} began afterwards and did not end in time`]),
    ...(moved.length === 0 ? [] : [`${count(moved.length, 'call')} moved on to ${upstreamsOf(moved)}`]),
  ].join('; ');
  const evidence = [
    ...whatIsLeft('measured: too late by', Math.max(0, ...ended) - within, tolerance, noise),
    ...(open.length === 0 ? [] : [howLongSeen(open, noise)]),
  ];
  const waiting = leavers.length - abandoned.length;
  const movedLate = moved.filter(({ at }) => at > left + tolerance + noise).length;
  if (late === 'FAIL' || begun.length > 0 || movedLate > waiting) {
    const untimed = open.some((end) => verdictOf(end) === 'FAIL');
    return withEvidence({ ...judged, observed, verdict: 'FAIL', ...(untimed && { untimed }) }, evidence);
  }
  const why =
    whyEndedAnyway(history, cancelled, Math.max(...abandoned.map(({ at, endedAt }) => (endedAt ?? at) - at))) ??
    whyMoved(upstream, waiting, moved.length);
  if (why !== undefined) return { ...judged, observed, verdict: 'INCONCLUSIVE', evidence: [...evidence, why] };
  return withEvidence({ ...judged, observed, verdict: moved.length > 0 ? 'FAIL' : late }, evidence);
}

/** When a call ended after its caller had left, in milliseconds. If the service did not end it, it was seen for so long. */
interface End {
  readonly ms: number;
  readonly isByService: boolean;
}

/** Returns the end of a call. The upstream holds all calls until it is healed, so only the service ends them before. */
const endAfter = ({ endedAt, outcome }: RequestReceipt, left: number): End => ({
  ms: Math.max(0, (endedAt ?? Number.POSITIVE_INFINITY) - left),
  isByService: outcome === 'client-gone',
});

function howTheyEnded(calls: number, ended: readonly number[]): string {
  if (ended.length < calls) return `${calls - ended.length} of ${count(calls, 'call')} did not end`;
  return `${count(calls, 'call')}, the last of which ended ${(Math.max(...ended) / 1_000).toFixed(2)} s later`;
}

/** Says for how long calls that the service did not end were seen. */
function howLongSeen(open: readonly End[], noise: number): string {
  const seen = Math.min(...open.map(({ ms }) => ms));
  if (!Number.isFinite(seen)) return 'they were in progress when the record ended';
  return `in progress until the upstream was healed, ${asTime(seen)} after their callers left; machine noise: ${asTime(noise)}`;
}

/**
 * Returns why these calls may have moved to the next upstream although no caller left, or undefined if they have not.
 * If a caller left while waiting for a turn, a timeout of that wait may have moved the call.
 */
function whyMoved(upstream: string, waiting: number, moved: number): string | undefined {
  if (moved === 0 || moved > waiting) return undefined;
  return `${count(waiting, 'caller')} had no call to ${upstream}: a timeout of their wait may have ended it`;
}

const upstreamsOf = (receipts: readonly RequestReceipt[]): string =>
  [...new Set(receipts.map(({ upstream }) => upstream))].join(', ');

/** Returns the calls to the next upstreams of a fallback that began when the first of these callers had left. */
function movedOn(history: History, facts: Facts, cancelled: Left, leavers: readonly RequestSample[]) {
  const left = firstAnswered(leavers) - CLOCKS_MS;
  return nextUpstreamsOf(facts, cancelled)
    .flatMap((next) => history.receiptsIn(cancelled.phase, next))
    .filter(({ at }) => at >= left);
}
