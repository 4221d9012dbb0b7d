import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import { breakEach } from './break-calls.ts';
import { callUntilKeptAway, callUntilServed } from './breaker.ts';
import { type Breaker, context, type Fault, find } from './context.ts';
import { isQuick } from './failures.ts';
import { callInCrowd } from './held-calls.ts';
import { lab } from './lab.ts';
import { RECOVERY } from './lasting.ts';
import { call } from './service.ts';
import { steady } from './steady.ts';
import { pauseUntil, times } from './wait.ts';

/** Number of calls at once. */
const MANY = 10;
/** Number of calls while the breaker is open, and how many of them are made at once. */
const [REFUSED, ROUNDS] = [5, 2];
/** When the script makes the trial, in milliseconds after the recovery timeout. The service's timer may be late. */
const LATE_MS = 600;
/** Maximum number of calls for a breaker that doesn't open, as a multiple of the promised number of failures. */
const FURTHER = 2;
/** The time before a request is repeated, in seconds, if the contract doesn't promise one. */
const BACKOFF = 0.3;

/**
 * Returns the number of calls that all fail with all attempts, and don't open the breaker, whatever it counts: those
 * that fail in a row and have fewer attempts than the threshold, unless it counts calls.
 */
const callsBelow = ({ counts, opening, upstream }: Breaker): number =>
  Math.floor((opening.failures - 1) / (counts === 'calls' ? 1 : find(context.upstreams, upstream).calls.attempts));

/** Returns the phases of the outage of a breaker whose failures are all repeated. */
export const retriedPlan = (breaker: Breaker): PlannedAction[] => [
  ...(callsBelow(breaker) > 0 ? [{ action: 'below with retries' } as const] : []),
  { action: 'opening with retries' },
  { action: 'open with retries' },
  { action: 'half-open with retries' },
  { action: 'reopened with retries' },
];

/** The checkers for the outage of an upstream whose failing calls are all repeated. */
export const RETRIED_HOLDS = ['steady-state', 'outage-with-retries', 'breaker-closes', 'recovers'];

/** Returns the duration in seconds. */
export function retriedSeconds(breaker: Breaker): number {
  const { attempts, backoff } = find(context.upstreams, breaker.upstream).calls;
  const calls = callsBelow(breaker) + breaker.opening.failures + 2 * ROUNDS;
  return 4 + 2 * RECOVERY + calls * (attempts - 1) * (backoff?.minSeconds ?? BACKOFF);
}

/**
 * Runs one outage of the upstream behind a breaker whose failures are all repeated. A fault lasts for whole calls, so
 * that all attempts fail, and the checker counts attempts.
 */
export async function outageWithRetries(breaker: Breaker): Promise<void> {
  const { upstream, endpoint, recoverySeconds } = breaker;
  await steady('steady', { each: [endpoint] });
  if (callsBelow(breaker) > 0) await failBelow(breaker, await lab.phase({ action: 'below with retries' }));

  const opening = await lab.phase({ action: 'opening with retries' });
  await breakEach(upstream, faultsOf(breaker));
  const { ended: opened } = await callUntilKeptAway(breaker, breaker.opening.failures * FURTHER, { phase: opening });
  const open = await lab.phase({ action: 'open with retries' });
  await times(ROUNDS, () => callInCrowd(endpoint, REFUSED, open));

  await pauseUntil(opened + recoverySeconds * 1_000 + LATE_MS);
  const halfOpen = await lab.phase({ action: 'half-open with retries' });
  await callInCrowd(endpoint, MANY, halfOpen);

  const reopened = await lab.phase({ action: 'reopened with retries' });
  await lab.heal(upstream);
  await callUntilServed(breaker, reopened);
  const closed = await lab.phase({ action: 'closed' });
  await callInCrowd(endpoint, MANY, closed);
  await steady('steady again');
}

/** Returns the failures that a call notices at once. All of them are repeated. */
const faultsOf = ({ repeated }: Breaker): Fault[] => repeated.filter(isQuick);

async function failBelow(breaker: Breaker, phase: Begun): Promise<void> {
  const { upstream, endpoint } = breaker;
  await breakEach(upstream, faultsOf(breaker));
  await times(callsBelow(breaker), () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  await call(endpoint, { phase, about: 'success' });
}
