import { promisedCallsOf } from '../../contract/promised-calls-of.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import type { FailingCalls } from './failing-calls.ts';
import { type Failure, failureIn } from './failure.ts';

type Promised = ReturnType<typeof promisedCallsOf>;

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
  const isRepeated = isPromisedAgain(promised, failure);
  if (isRepeated === false) return { least: 1, most: 1 };
  if (failure.retryAfter?.isAbsurd) return { least: 1, most: promised.retryAfter === 'honoured' ? 1 : most };
  return { least: isRepeated ? most : 1, most };
}

/**
 * Whether a request is sent again after a failure, or undefined if the contract leaves it open. A status counts more
 * than its class, so that 429 can be repeated while 4xx can't.
 */
function isPromisedAgain({ on = [], never }: Promised, { as }: Failure): boolean | undefined {
  if (as === undefined) return undefined;
  if (on.includes(as)) return true;
  if (never.includes(as)) return false;
  const itsClass = typeof as === 'number' ? (as < 500 ? '4xx' : '5xx') : as;
  if (on.includes(itsClass)) return true;
  return never.includes(itsClass) ? false : undefined;
}
