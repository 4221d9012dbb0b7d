import { count } from '../../base/in-words.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, isServedWithout, planned } from '../lib/checker.ts';
import { isGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import {
  type FailingCalls,
  type FailingPhase,
  failingCalls,
  isWaiting,
  onFaultOf,
  whyNotFelt,
} from './failing-calls.ts';

/**
 * Checks that a call that timed out also ends at the upstream: its connection is closed soon after the caller got the
 * error. Otherwise, calls to an upstream that hangs pile up in the background, where no timeout and no limit of
 * concurrent calls sees them. The upstream hangs until the request has ended, for a few seconds at most.
 *
 * Requests that begin later are judged by `upstream-attempts`. Work that an endpoint has accepted with a 2xx, to finish it
 * later, may go on.
 */
export const timedOutCallsEnd: BuiltInChecker = {
  name: 'timed-out-calls-end',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The timeout ends only the wait for the call, not the call: it races with a timer (`Promise.race`, the timeout of opossum) and no signal cancels the request.',
  fix: 'Let the timeout cancel the request: `fetch(url, { signal: AbortSignal.timeout(ms) })` in Node, `asyncio.timeout` around the awaited call in Python, a context with a deadline in Go. Pass the `AbortController` of opossum on.',
  cases: (facts) =>
    planned(facts, 'failing')
      ?.filter((phase) => isWaiting(phase.fault, facts.faults))
      .map((phase) => ({ check: checkOf(phase), promises: promisesOf(facts, phase) })),
  without: 'no call to an HTTP upstream that hangs has a promised timeout (`callTimeoutSeconds`, `onFault.hang`)',
  judge: (history, facts) =>
    failingCalls(history, facts)
      .filter((calls) => isWaiting(calls.fault, facts.faults))
      .map((calls) => judge(history, facts, calls)),
};

const checkOf = ({ upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): string =>
  `ends calls that timed out: ${upstream} ${fault}, ${endpoint}`;

function promisesOf(facts: Facts, phase: FailingPhase): PromisePath[] {
  const { onFault = {} } = facts.contract.endpoints[phase.endpoint] ?? {};
  const { withinSeconds } = promisedAnswer(onFault, phase.fault, phase.upstream) ?? {};
  return withinSeconds === undefined ? [] : [[...onFaultOf(facts, phase), 'withinSeconds']];
}

function judge(history: History, facts: Facts, calls: FailingCalls): Finding {
  const { phase, failing, met } = calls;
  const judged = {
    check: checkOf(calls),
    requests: tagsIn(phase, { about: 'failing' }),
    expected: 'no request is in progress at the upstream soon after the caller got an answer',
  };
  const left = (observed: string): Finding => ({ ...judged, observed, verdict: 'INCONCLUSIVE' });
  const why = whyNotFelt(calls);
  if (why !== undefined) return left(why);
  if (failing.length === 0 || failing.some(isGivenUp)) return left('the caller left before it got an answer');
  if (failing.every((call) => hasNotTimedOut(facts, call, calls))) {
    return {
      ...judged,
      observed: 'the call was served or its work was accepted: it did not time out',
      verdict: 'PASS',
    };
  }
  const answeredAt = lastAnswered(failing);
  const begun = met.filter(({ at }) => at < answeredAt);
  if (begun.length === 0) return left('no request was in progress when the caller got an answer');
  const ends = begun.map(({ endedAt }) => (endedAt ?? Number.POSITIVE_INFINITY) - answeredAt);
  const longest = Math.max(0, ...ends);
  const excess = [longest, LATE_MS, noiseOf(history, facts)(answeredAt, answeredAt + LATE_MS)] as const;
  const late = ends.filter((ms) => ms > LATE_MS).length;
  const verdict = judgeExcess(...excess);
  const observed =
    late === 0
      ? `${count(begun.length, 'request')}, the last of which ended ${(longest / 1_000).toFixed(2)} s later`
      : `${late} of ${count(begun.length, 'request')} went on for at least ${(longest / 1_000).toFixed(2)} s after the caller got ${failing.at(-1)?.status}`;
  return {
    ...judged,
    observed,
    verdict,
    ...(late > 0 && Number.isFinite(longest) && { evidence: whatIsLeft('measured: later by', ...excess) }),
  };
}

/** Whether a call got a success that does not come from a service that does without the upstream. */
function hasNotTimedOut(facts: Facts, call: RequestSample, { endpoint, upstream, fault }: FailingCalls): boolean {
  if (isServedWithout(facts, endpoint, upstream, fault)) return false;
  const { accepted = [] } = facts.contract.endpoints[endpoint]?.finishesLater ?? {};
  return isServed(facts, call) || (call.status < 300 && accepted.includes(call.status));
}
