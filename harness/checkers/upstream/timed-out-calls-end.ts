import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { numberAt, type PromisePath } from '../../contract/promise-path.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import {
  type BuiltInChecker,
  countedBreakers,
  type Facts,
  isServed,
  isServedWithout,
  planned,
} from '../lib/checker.ts';
import { isGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingCalls, type FailingPhase, failingCalls, isWaiting, whyNotFelt } from './failing-calls.ts';

/**
 * Checks that a call that timed out also ends at the upstream: its connection is closed soon after the caller got the
 * error. Otherwise, calls to an upstream that hangs pile up in the background, where no timeout and no limit of
 * concurrent calls sees them. The upstream hangs until the request has ended, for a few seconds at most.
 *
 * The contract promises it with a timeout of upstream calls (`callTimeoutSeconds`), with `cancels`, or with
 * `upstreams.NAME.calls.timedOut: ends`. With `timedOut: continues`, it is not judged. A time in `onFault` is only about
 * the answer.
 *
 * Requests that begin later are judged by `upstream-attempts`. Work that an endpoint may accept with a 2xx, to finish it
 * later, may go on.
 */
export const timedOutCallsEnd: BuiltInChecker = {
  name: 'timed-out-calls-end',
  timed: true,
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The timeout ends only the wait for the call, not the call: it races with a timer (`Promise.race`, the timeout of opossum) and no signal cancels the request.',
  fix: 'Let the timeout cancel the request: `fetch(url, { signal: AbortSignal.timeout(ms) })` in Node, `asyncio.timeout` around the awaited call in Python, a context with a deadline in Go. Pass the signal of opossum (`abortController`) or cockatiel on to the client. If calls may go on, say so: `upstreams.NAME.calls.timedOut: continues`.',
  cases: (facts) =>
    planned(facts, 'failing')
      ?.filter((phase) => isJudged(facts, phase))
      .map((phase) => ({ check: checkOf(phase), promises: promisesOf(facts, phase) })),
  without:
    'no call to an HTTP upstream that hangs is promised to end when it times out (`callTimeoutSeconds`, `cancels`, or `upstreams.NAME.calls.timedOut: ends`)',
  judge: (history, facts) =>
    failingCalls(history, facts)
      .filter(({ phase }) => isJudged(facts, phase))
      .map((calls) => judge(history, facts, calls)),
};

type Failing = Omit<FailingPhase, 'action'>;

const checkOf = ({ upstream, fault, endpoint }: Failing): string =>
  `ends calls that timed out: ${upstream} ${fault}, ${endpoint}`;

function isJudged(facts: Facts, phase: Failing): boolean {
  const { accepted = [] } = facts.contract.endpoints[phase.endpoint]?.finishesLater ?? {};
  const mayBeAccepted = accepted.some((status) => status < 300);
  return isWaiting(phase.fault, facts.faults) && !mayBeAccepted && promisesOf(facts, phase).length > 0;
}

/** Returns the promises of the contract because of which a call ends when it times out. */
function promisesOf(facts: Facts, { endpoint, upstream }: Failing): PromisePath[] {
  const { timedOut } = promisedCallsOf(facts.contract, upstream);
  if (timedOut !== undefined) return timedOut === 'ends' ? [['upstreams', upstream, 'calls', 'timedOut']] : [];
  const { cancels, stream } = facts.contract.endpoints[endpoint] ?? {};
  const timed = countedBreakers(facts).filter(
    (breaker) => breaker.upstream === upstream && breaker.callTimeoutSeconds !== undefined,
  );
  return [
    // A stream has other timeouts.
    ...(stream ? [] : timed.map(({ name }) => numberAt('breakers', name, 'callTimeoutSeconds'))),
    ...(cancels ? [['endpoints', endpoint, 'cancels', 'withinSeconds']] : []),
  ];
}

function judge(history: History, facts: Facts, calls: FailingCalls): Finding {
  const { phase, failing, met, endpoint, upstream, fault } = calls;
  const judged = {
    check: checkOf(calls),
    requests: tagsIn(phase, { about: 'failing' }),
    expected: 'no request is in progress at the upstream soon after the caller got an answer',
  };
  const left = (observed: string): Finding => ({ ...judged, observed, verdict: 'INCONCLUSIVE' });
  const why = whyNotFelt(calls);
  if (why !== undefined) return left(why);
  if (failing.length === 0 || failing.some(isGivenUp)) return left('the caller left before it got an answer');
  if (!isServedWithout(facts, endpoint, upstream, fault) && failing.every((call) => isServed(facts, call))) {
    return { ...left('the call was served in spite of the fault, so it did not time out'), lasting: true };
  }
  const answeredAt = lastAnswered(failing);
  const begun = met.filter(({ at }) => at < answeredAt);
  if (begun.length === 0) return left('no request was in progress when the caller got an answer');
  const ends = begun.map(({ endedAt }) => (endedAt ?? Number.POSITIVE_INFINITY) - answeredAt);
  const longest = Math.max(0, ...ends);
  const excess = [longest, LATE_MS, noiseOf(history, facts)(answeredAt, answeredAt + LATE_MS)] as const;
  const late = ends.filter((ms) => ms > LATE_MS).length;
  const verdict = judgeExcess(...excess);
  const seconds = `${(longest / 1_000).toFixed(2)} s`;
  const howLong = Number.isFinite(longest) ? `for at least ${seconds}` : 'to the end';
  const observed =
    late === 0
      ? `${count(begun.length, 'request')}, the last of which ended ${seconds} later`
      : `${late} of ${count(begun.length, 'request')} went on ${howLong} after the caller got ${answerOf(failing.at(-1) ?? { status: 0 })}`;
  return {
    ...judged,
    observed,
    verdict,
    ...(late > 0 && {
      evidence: [
        ...(Number.isFinite(longest) ? whatIsLeft('measured: later by', ...excess) : []),
        ...(verdict === 'FAIL'
          ? [`if calls may go on there: upstreams.${upstream}.calls: { timedOut: continues }`]
          : []),
      ],
    }),
    ...(verdict === 'FAIL' && {
      changes: [{ path: ['upstreams', upstream, 'calls', 'timedOut'], value: 'continues' }],
    }),
  };
}
