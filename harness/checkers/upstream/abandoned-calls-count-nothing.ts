import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type Phases, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import {
  abandonedIn,
  breakersOfCancelled,
  type Cancelled,
  cancelledCalls,
  casesOfCancelled,
  leaversIn,
  NO_CANCELS,
  whyEndedAnyway,
} from '../lib/abandoned.ts';
import { type BuiltInChecker, countedBreakers, type Facts, isServed, isServedWithout, tally } from '../lib/checker.ts';
import { eachEntry } from '../lib/each-entry.ts';
import { asTime, DELAYED, isMostlyDelayed, noiseOf } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { CLOCKS_MS, EARLY_MS } from '../lib/tolerances.ts';

/**
 * Checks that callers who left don't affect the next ones: their connections and slots are free, and the breaker has
 * counted no failure. If it counted the abandoned calls, they would open it, if necessary together with a few failures.
 * Callers leave twice: the next calls are made when all upstream calls must have ended, and before an open breaker can
 * recover.
 *
 * A breaker may count calls that the service's timeout ended before their callers left. If it may have ended them,
 * rejections prove nothing.
 */
export const abandonedCallsCountNothing: BuiltInChecker = {
  name: 'abandoned-calls-count-nothing',
  restsOn: ['steady-state', 'abandoned-calls-end'],
  usually:
    'The breaker counts the cancellation as a failure of the upstream, or the service does not release a slot, a lock or a pooled connection when a call is cancelled.',
  fix: 'Distinguish a cancellation from a failure before the breaker counts it, and release slots, locks and connections in a `finally`.',
  cases: (facts) => casesOfCancelled(facts, checkOf),
  without: NO_CANCELS,
  judge: (history, facts) => cancelledCalls(facts).map((cancelled) => judge(history, facts, cancelled)),
};

const checkOf = ({ endpoint, upstream }: Pick<Cancelled, 'endpoint' | 'upstream'>): string =>
  `callers who left cost the next ones nothing: ${endpoint} at ${upstream}`;

function judge(history: History, facts: Facts, cancelled: Cancelled): Finding {
  const { endpoint, upstream } = cancelled;
  const [first, again] = leftIn(history, cancelled);
  const breaker = breakersOfCancelled(facts).find(
    (candidate) => candidate.endpoint === endpoint && candidate.upstream === upstream,
  );
  const round = (left: Phases) => {
    const [failing, after] = [history.related('failed after', left), history.related('after', left)];
    return {
      abandoned: abandonedIn(history, left, upstream).length,
      wentOnMs: wentOnFor(history, left, cancelled),
      failed: history.receiptsIn(failing, upstream).filter(({ faults }) => faults.length > 0).length,
      calls: history.requestsIn(after),
      arrived: history.receiptsIn(after, upstream).length,
    };
  };
  const second = eachEntry(again).map(round);
  const rounds = [...eachEntry(first).map(round), ...second];
  const judged = {
    check: checkOf(cancelled),
    requests: tagsIn(history.related('after', [...first, ...again])),
    expected: 'the next calls are served',
    observed: rounds
      .map(({ abandoned, failed, calls }) => `${leaving(abandoned, failed)}, then ${tally(calls.map(answerOf))}`)
      .join('; '),
  };
  const isRejected = (call: RequestSample) => !isServed(facts, call);
  // Another upstream may serve calls that a breaker rejects.
  const isHidden = isServedWithout(facts, endpoint, upstream);
  const failed = rounds.find(
    ({ abandoned, calls, arrived }) =>
      abandoned > 0 && (calls.some(isRejected) || (isHidden && arrived < calls.length)),
  );
  if (failed) {
    const refusals = countedBreakers(facts).flatMap((other) => (other.upstream === upstream ? other.refusal : []));
    const isRefused =
      failed.arrived === 0 && (isHidden || failed.calls.every(({ status }) => refusals.includes(status)));
    const evidence = isRefused
      ? `none of them reached ${upstream}: the breaker has counted the callers who left, or their slots are taken`
      : `${count(failed.arrived, 'request')} reached ${upstream}`;
    const [rejected, noise] = [failed.calls.filter(isRejected), noiseOf(history, facts)];
    const isDelayed = rejected.length > 0 && rejected.every((call) => isMostlyDelayed(call, noise));
    const why = isDelayed ? DELAYED : whyTimedOut(history, cancelled);
    if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [evidence, why] };
    const usually = wentOn(cancelled, failed.wentOnMs);
    return { ...judged, verdict: 'FAIL', evidence: [evidence], ...(usually !== undefined && { usually }) };
  }
  if (rounds.some(({ abandoned }) => abandoned === 0)) {
    return { ...judged, verdict: 'INCONCLUSIVE', evidence: [`no caller left during a call to ${upstream}`] };
  }
  if (rounds.some(({ calls }) => calls.length === 0)) {
    return { ...judged, verdict: 'INCONCLUSIVE', evidence: ['the next calls were not made'] };
  }
  const needed = breaker?.opening.failures ?? 1;
  if (second.every(({ abandoned, failed: more }) => abandoned + more >= needed)) return { ...judged, verdict: 'PASS' };
  const evidence = [`fewer than the ${needed} failures that open the breaker`];
  return { ...judged, verdict: 'INCONCLUSIVE', evidence };
}

/**
 * Returns the phases in which callers leave: the next calls follow late after the first phase, and soon after the
 * second.
 */
const leftIn = (history: History, { endpoint, upstream }: Cancelled) =>
  [history.phases('left', { endpoint, upstream }), history.phases('left again', { endpoint, upstream })] as const;

/** Returns for how long the longest call went on after its caller had left, in milliseconds. */
function wentOnFor(history: History, left: Phases, { upstream }: Cancelled): number {
  const ends = abandonedIn(history, left, upstream).map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY);
  return Math.max(...ends) - lastAnswered(leaversIn(history, left));
}

/** Returns the cause if the calls did not end with their callers. Otherwise, something else remains of them. */
function wentOn({ upstream, withinSeconds }: Cancelled, ms: number): string | undefined {
  if (ms <= withinSeconds * 1_000 + EARLY_MS + CLOCKS_MS) return undefined;
  const until = Number.isFinite(ms) ? `ended ${asTime(ms)} later` : 'did not end';
  return (
    `The calls to ${upstream} go on after their callers have left: the last one ${until}, and cancels.withinSeconds is ` +
    `${withinSeconds}. Until then, they keep their slots and connections, and a breaker counts the timeout that ends them. Pass the caller's abort signal on to the call.`
  );
}

/** Returns why the abandoned calls may have timed out before their callers left, or undefined if they have not. */
function whyTimedOut(history: History, cancelled: Cancelled): string | undefined {
  const waited = leftIn(history, cancelled)
    .flat()
    .flatMap((phase) => {
      const left = lastAnswered(leaversIn(history, phase));
      return abandonedIn(history, phase, cancelled.upstream).map(({ at }) => left - at);
    });
  return whyEndedAnyway(history, cancelled, Math.max(...waited));
}

const leaving = (abandoned: number, failed: number): string =>
  abandoned === 0
    ? 'nobody left during a call'
    : count(abandoned, 'abandoned call') + (failed === 0 ? '' : ` and ${count(failed, 'failure')}`);
