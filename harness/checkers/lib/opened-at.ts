import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import { breakerOf, type Facts } from './checker.ts';
import { noiseOf, noiseOfNote } from './noise.ts';
import { lastAnswered, lastSent } from './request-times.ts';
import { EARLY_MS } from './tolerances.ts';

/**
 * Returns the latest time at which a breaker could have opened, in milliseconds since the epoch: the end of the last
 * failed call.
 *
 * A call ends at the upstream, but no later than its caller gets a response, because a service may abandon a call
 * without closing its connection. Returns -∞ if a call has no usable result, because in that case the breaker may not
 * have opened, and a call that gets through proves nothing.
 *
 * @param calls All calls that were sent.
 */
export function openedBy(calls: readonly RequestSample[], reached: readonly RequestReceipt[]): number {
  if (!calls.every(tells)) return Number.NEGATIVE_INFINITY;
  const ended = Math.max(...reached.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  return Math.max(lastSent(calls), Math.min(ended, lastAnswered(calls)));
}

/** Returns when the breaker opened in the phase "opening". */
export const openedAt = (history: History, facts: Facts): number =>
  openedBy(history.sent({ phase: 'opening' }), history.receiptsIn('opening', breakerOf(facts).upstream));

/**
 * Returns the earliest time at which an open breaker may allow a trial. Later calls prove nothing about an open
 * breaker.
 */
export function trialFrom(
  history: History,
  facts: Facts,
  breaker = breakerOf(facts),
  opened = openedAt(history, facts),
): number {
  if (opened === Number.NEGATIVE_INFINITY) return opened;
  return opened + breaker.recoverySeconds * 1_000 - EARLY_MS - noiseOfNote(noiseOf(history, facts), opened);
}

/**
 * Whether a call in the phase "open" was late enough to have been the trial, which happens on a busy machine. From then
 * on, the breaker is not in the state that the script expects.
 */
export function triedWhileOpen(history: History, facts: Facts): boolean {
  const from = trialFrom(history, facts);
  return history.receiptsIn('open', breakerOf(facts).upstream).some(({ at }) => at >= from);
}
