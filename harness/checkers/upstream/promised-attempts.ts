import { isPromisedAgain, promisedCallsOf } from '../../contract/attempts.ts';
import type { Facts } from '../lib/checker.ts';
import type { Failure } from './failure.ts';

/** How many requests a call makes if it keeps failing. */
export interface Attempts {
  readonly least: number;
  readonly most: number;
  /** The field of `upstreams.NAME.calls` that says whether this failure is repeated, if any does. */
  readonly saidBy?: 'on' | 'never' | 'hints' | 'retryAfter';
}

/** Returns how many requests a call makes to an upstream that keeps failing. */
export function promisedAttempts(facts: Facts, upstream: string, failure: Failure | undefined): Attempts {
  const promised = promisedCallsOf(facts.contract, upstream);
  const { attempts: most } = promised;
  if (failure === undefined) return { least: 1, most };
  const isDecided = failure.shouldRetry !== undefined && promised.hints.includes('x-should-retry');
  const isRepeated = isDecided ? failure.shouldRetry : isPromisedAgain(promised, failure.as);
  if (isRepeated === false) return { least: 1, most: 1, saidBy: isDecided ? 'hints' : 'never' };
  if (failure.retryAfter?.isAbsurd) {
    return promised.retryAfter === 'honoured' ? { least: 1, most: 1, saidBy: 'retryAfter' } : { least: 1, most };
  }
  if (!isRepeated || !fitsIntoBudget(facts, upstream, failure)) return { least: 1, most };
  return { least: most, most, saidBy: isDecided ? 'hints' : 'on' };
}

/** How much of the budget the attempts themselves may take, in seconds. */
const ATTEMPTS_SECONDS = 0.5;

/** Whether a call can wait for the Retry-After of each failure, and still be answered within the promised budget. */
function fitsIntoBudget({ contract }: Facts, upstream: string, { retryAfter }: Failure): boolean {
  const { attempts, budgetSeconds = Number.POSITIVE_INFINITY } = promisedCallsOf(contract, upstream);
  return (attempts - 1) * (retryAfter?.seconds ?? 0) + ATTEMPTS_SECONDS <= budgetSeconds;
}
