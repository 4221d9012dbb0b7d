import { isPromisedAgain, promisedCallsOf } from '../../contract/attempts.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import type { FailingCalls } from './failing-calls.ts';
import { type Failure, failureIn } from './failure.ts';

/** How many requests a call makes if it keeps failing. */
export interface Attempts {
  readonly least: number;
  readonly most: number;
}

/** Returns how many requests a call makes in a phase in which the upstream keeps failing. */
export function promisedAttempts(history: History, facts: Facts, calls: FailingCalls): Attempts {
  const promised = promisedCallsOf(facts.contract, calls.upstream);
  const { attempts: most } = promised;
  const failure = failureIn(history, calls);
  if (failure === undefined) return { least: 1, most };
  const isDecided = failure.shouldRetry !== undefined && promised.hints.includes('x-should-retry');
  const isRepeated = isDecided ? failure.shouldRetry : isPromisedAgain(promised, failure.as);
  if (isRepeated === false) return { least: 1, most: 1 };
  if (failure.retryAfter?.isAbsurd) return { least: 1, most: promised.retryAfter === 'honoured' ? 1 : most };
  return { least: isRepeated && fitsIntoBudget(facts, calls, failure) ? most : 1, most };
}

/** How much of the budget the attempts themselves may take, in seconds. */
const ATTEMPTS_SECONDS = 0.5;

/** Whether a call can wait for the Retry-After of each failure, and still be answered within the promised budget. */
export function fitsIntoBudget({ contract }: Facts, { upstream }: FailingCalls, { retryAfter }: Failure): boolean {
  const { attempts, budgetSeconds = Number.POSITIVE_INFINITY } = promisedCallsOf(contract, upstream);
  return (attempts - 1) * (retryAfter?.seconds ?? 0) + ATTEMPTS_SECONDS <= budgetSeconds;
}
