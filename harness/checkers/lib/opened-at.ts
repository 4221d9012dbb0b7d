import type { Receipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import { breakerOf, type Facts } from './checker.ts';
import { noiseOf, noiseOfNote } from './noise.ts';
import { lastAnswered, lastSent } from './request-times.ts';
import { EARLY_MS } from './tolerances.ts';

/**
 * When a breaker opened at the latest, milliseconds since the epoch: with the last of the calls that failed, and of what of them
 * reached its upstream. A failure ends when it ends there, but no later than its caller is answered: a service may give a call up,
 * and leave it open. Where one of the calls tells nothing, it may not have opened at all: then what comes from any time on (-∞) says
 * nothing of one that is open.
 *
 * @param calls All that were sent.
 */
export function openedBy(calls: readonly RequestSample[], reached: readonly Receipt[]): number {
  if (!calls.every(tells)) return Number.NEGATIVE_INFINITY;
  const ended = Math.max(...reached.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  return Math.max(lastSent(calls), Math.min(ended, lastAnswered(calls)));
}

/** When the breaker opened that the phase "opening" is to open. */
export const openedAt = (history: History, facts: Facts): number =>
  openedBy(history.sent({ phase: 'opening' }), history.receiptsIn('opening', breakerOf(facts).upstream));

/** When a breaker that has opened may let a trial through at the earliest: what comes from then on says nothing of one that is open. */
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
 * Whether a call of the phase "open" came so late that it may have been the trial, as on a busy machine: what the breaker did from
 * then on is another matter than what the script meant to see.
 */
export function triedWhileOpen(history: History, facts: Facts): boolean {
  const from = trialFrom(history, facts);
  return history.receiptsIn('open', breakerOf(facts).upstream).some(({ at }) => at >= from);
}
