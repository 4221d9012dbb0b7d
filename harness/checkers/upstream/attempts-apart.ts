import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { whatIsLeft } from '../lib/noise.ts';
import { RETRY_AFTER_MS } from '../lib/tolerances.ts';
import { type FailingCalls, type FailingPhase, failingCalls } from './failing-calls.ts';
import { type Failure, failureIn, plannedFailure } from './failure.ts';
import { promisedAttempts } from './promised-attempts.ts';

/**
 * Checks that a request is not sent again too early: not before the time in the upstream's Retry-After, and otherwise
 * not before the shortest backoff. An absurdly long Retry-After is ignored.
 *
 * The times are those at which the fake noted the requests. It notes one before it responds, so that no delay of the
 * machine can make a wait look shorter.
 */
export const attemptsApart: BuiltInChecker = {
  name: 'attempts-apart',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'Retry-After is ignored, read as milliseconds, understood only as a number, or overflows the timer. Another layer may retry without reading it.',
  fix: 'Read Retry-After as seconds or as a date, wait at least that long, and give up if it exceeds the budget of the call. Cap it before it reaches a timer: longer than 24.8 days ends at once in Node.',
  cases: (facts) =>
    planned(facts, 'failing')?.flatMap((phase) => {
      const failure = plannedFailure(facts, phase);
      const wait = promisedWait(facts, phase.upstream, failure);
      return wait && isRepeated(facts, phase.upstream, failure)
        ? [
            {
              check: checkOf(phase),
              promises: wait.promises.map((path) => ['upstreams', phase.upstream, 'calls', ...path]),
            },
          ]
        : [];
    }),
  without:
    'the contract promises no retry (`upstreams.NAME.calls.on`) after a wait (`upstreams.NAME.calls.retryAfter`, `backoff`)',
  judge: (history, facts) => failingCalls(history, facts).flatMap((calls) => judgeWaits(history, facts, calls)),
};

const checkOf = ({ upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): string =>
  `time between attempts: ${upstream} ${fault}, ${endpoint}`;

/** Whether all attempts are promised after a failure. */
const isRepeated = (facts: Facts, upstream: string, failure: Failure | undefined): boolean =>
  promisedAttempts(facts, upstream, failure).least > 1;

function judgeWaits(history: History, facts: Facts, calls: FailingCalls): Finding[] {
  const { phase, upstream, met } = calls;
  const failure = failureIn(history, facts, calls);
  const wait = promisedWait(facts, upstream, failure);
  if (wait === undefined || (met.length < 2 && !isRepeated(facts, upstream, failure))) return [];
  const waits = met.slice(1).map((next, index) => {
    const before = met[index] as RequestReceipt;
    return { ms: next.at - before.at, earlyMs: wait.until(before.at) - next.at };
  });
  const earliest = Math.max(...waits.map(({ earlyMs }) => earlyMs));
  const evidence = whatIsLeft('measured: too early by', earliest, RETRY_AFTER_MS, 0);
  const early = waits.filter(({ earlyMs }) => earlyMs > RETRY_AFTER_MS).length;
  const shortest = (Math.min(...waits.map(({ ms }) => ms)) / 1_000).toFixed(2);
  return [
    {
      check: checkOf(calls),
      requests: tagsIn(phase),
      expected: `no attempt ${wait.text} the previous one`,
      observed:
        waits.length === 0
          ? 'no second attempt'
          : `${early} of ${count(waits.length, 'attempt')} too early, the shortest wait was ${shortest} s`,
      verdict: early > 0 ? 'FAIL' : waits.length > 0 ? 'PASS' : 'INCONCLUSIVE',
      ...(evidence.length > 0 && { evidence }),
    },
  ];
}

/** How long a service waits before the next attempt. */
interface Wait {
  /** The fields of `upstreams.NAME.calls` that promise it. */
  readonly promises: readonly PromisePath[];
  readonly text: string;
  /** Returns when the next attempt may arrive, given the time of the previous one, in milliseconds since the epoch. */
  until(before: number): number;
}

/** Returns the wait promised for a failure if it is repeated, or undefined if there is none. */
function promisedWait({ contract }: Facts, upstream: string, failure: Failure | undefined): Wait | undefined {
  const { attempts, retryAfter: promised, backoff } = promisedCallsOf(contract, upstream);
  if (attempts === 1 || failure === undefined) return undefined;
  const { retryAfter } = failure;
  if (retryAfter === undefined || retryAfter.isAbsurd) {
    if (backoff === undefined || backoff.minSeconds === 0) return undefined;
    return secondsAfter(backoff.minSeconds, [['backoff', 'minSeconds']]);
  }
  const { seconds, form } = retryAfter;
  if (promised === undefined || seconds <= 0) return undefined;
  if (form !== 'dateInSeconds') {
    return secondsAfter(seconds, [['retryAfter'], ...(form === 'milliseconds' ? [['hints']] : [])]);
  }
  return {
    promises: [['retryAfter']],
    text: 'before the date in the Retry-After of',
    // An HTTP date has whole seconds.
    until: (before) => Math.floor((before + seconds * 1_000) / 1_000) * 1_000,
  };
}

const secondsAfter = (seconds: number, promises: Wait['promises']): Wait => ({
  promises,
  text: `within ${seconds} s of`,
  until: (before) => before + seconds * 1_000,
});
