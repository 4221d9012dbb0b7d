import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { RETRY_AFTER_MS } from '../lib/tolerances.ts';
import { type FailingCalls, failingCalls } from './failing-calls.ts';
import { type Failure, failureIn } from './failure.ts';
import { fitsIntoBudget } from './promised-attempts.ts';

/**
 * Checks that a request is not sent again too early: not before the time in the upstream's Retry-After, and otherwise
 * not before the shortest backoff. An absurdly long Retry-After counts as none.
 *
 * The times are those at which the fake noted the requests. It notes one before it responds, so that no delay of the
 * machine can make a wait look shorter.
 */
export const attemptsApart: Checker = {
  name: 'attempts-apart',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'Retry-After is ignored, read as milliseconds, understood only as a number, or overflows the timer. Another layer may retry without looking at it.',
  judge: (history, facts) => failingCalls(history).flatMap((calls) => judgeWaits(history, facts, calls)),
};

function judgeWaits(history: History, facts: Facts, calls: FailingCalls): Finding[] {
  const { phase, upstream, fault, endpoint, met } = calls;
  const failure = failureIn(history, calls);
  const wait = promisedWait(facts, calls, failure);
  if (wait === undefined) return [];
  if (met.length === 1 && failure && !fitsIntoBudget(facts, calls, failure)) return [];
  const waits = met.slice(1).map((next, index) => {
    const before = met[index] as RequestReceipt;
    return { ms: next.at - before.at, isEarly: next.at < wait.until(before.at) - RETRY_AFTER_MS };
  });
  const early = waits.filter(({ isEarly }) => isEarly).length;
  const shortest = (Math.min(...waits.map(({ ms }) => ms)) / 1_000).toFixed(2);
  return [
    {
      check: `time between attempts: ${upstream} ${fault}, ${endpoint}`,
      requests: tagsIn(phase),
      expected: `no attempt ${wait.text} the one before`,
      observed:
        waits.length === 0
          ? 'no second attempt'
          : `${early} of ${count(waits.length, 'attempt')} too early, the shortest wait was ${shortest} s`,
      verdict: early > 0 ? 'FAIL' : waits.length > 0 ? 'PASS' : 'INCONCLUSIVE',
    },
  ];
}

/** How long a service waits before the next attempt. */
interface Wait {
  readonly text: string;
  /** Returns when the next attempt may arrive, given when the one before did, in milliseconds since the epoch. */
  until(before: number): number;
}

/** Returns the wait promised for a failure that is repeated, or undefined if there is none. */
function promisedWait({ contract }: Facts, { upstream, met }: FailingCalls, failure?: Failure): Wait | undefined {
  const { attempts, retryAfter: promised, backoff } = promisedCallsOf(contract, upstream);
  if (attempts === 1 || failure === undefined) return undefined;
  const { retryAfter } = failure;
  if (retryAfter === undefined || retryAfter.isAbsurd) {
    return backoff && met.length > 1 ? secondsAfter(backoff.minSeconds) : undefined;
  }
  if (promised === undefined || retryAfter.seconds <= 0) return undefined;
  if (!retryAfter.isDate) return secondsAfter(retryAfter.seconds);
  return {
    text: 'before the date in the Retry-After of',
    // A date has no fraction of a second.
    until: (before) => Math.floor((before + retryAfter.seconds * 1_000) / 1_000) * 1_000,
  };
}

const secondsAfter = (seconds: number): Wait => ({
  text: `within ${seconds} s of`,
  until: (before) => before + seconds * 1_000,
});
