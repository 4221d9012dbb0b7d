import type { RelatedPhase } from '../../contract/phases.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import { type Breaker, breakerOf, type Facts } from './checker.ts';
import { noiseOf, noiseOfNote, whatIsLeft } from './noise.ts';
import { lastAnswered, lastSent } from './request-times.ts';
import { EARLY_MS } from './tolerances.ts';

/**
 * Returns the latest time at which a breaker could have opened, in milliseconds since the epoch: the end of the last
 * failed call.
 *
 * A call ends at the upstream, but no later than its caller gets a response, because a service may abandon a call
 * without closing its connection. Returns -∞ if a call has no usable result, because in that case the breaker may not
 * have opened, and a call that reaches the upstream proves nothing.
 *
 * @param calls All calls that were sent.
 */
export function openedBy(calls: readonly RequestSample[], reached: readonly RequestReceipt[]): number {
  if (!calls.every(tells)) return Number.NEGATIVE_INFINITY;
  const ended = Math.max(...reached.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  return Math.max(lastSent(calls), Math.min(ended, lastAnswered(calls)));
}

/** Returns the phase "after opening". */
export const afterOpening = (history: History): PhaseEntry<RelatedPhase<'after'>>[] =>
  history.related('after', history.phases('opening'));

/**
 * Returns the requests of the phase "after opening" that reached the upstream, although the promised failures should
 * have opened the breaker. Each came before a trial was possible. The script makes these calls one after another.
 */
export function furtherFailures(history: History, facts: Facts): RequestReceipt[] {
  const breaker = breakerOf(facts);
  const further: RequestReceipt[] = [];
  let opened = openedInTime(history, breaker);
  for (const receipt of history.receiptsIn(afterOpening(history), breaker.upstream)) {
    if (receipt.at >= trialFrom(history, facts, breaker, opened)) break;
    further.push(receipt);
    opened = receipt.endedAt ?? receipt.at;
  }
  return further;
}

function openedInTime(history: History, { upstream }: Breaker): number {
  const phases = history.phases('opening');
  return openedBy(history.sentIn(phases), history.receiptsIn(phases, upstream));
}

/** Returns when the breaker opened: in the phase "opening", or with the last of the further failures. */
export function openedAt(history: History, facts: Facts): number {
  const further = furtherFailures(history, facts);
  if (further.length === 0) return openedInTime(history, breakerOf(facts));
  return openedBy(history.sentIn(afterOpening(history)).slice(0, further.length), further);
}

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

/** Returns, as evidence, how long after the opening calls prove something about an open breaker: see `trialFrom`. */
export function countedUntil(
  history: History,
  facts: Facts,
  breaker = breakerOf(facts),
  opened = openedAt(history, facts),
): string[] {
  if (opened === Number.NEGATIVE_INFINITY) return [];
  const [timeout, noise] = [breaker.recoverySeconds * 1_000, noiseOfNote(noiseOf(history, facts), opened)];
  return whatIsLeft('calls count within the recovery timeout:', timeout, EARLY_MS, noise);
}

/**
 * Whether a call in the phases "after opening" or "open" was late enough to have been the trial, which happens on a
 * busy machine. From then on, the breaker is not in the state that the script expects.
 */
export function triedWhileOpen(history: History, facts: Facts): boolean {
  const from = trialFrom(history, facts);
  const { upstream } = breakerOf(facts);
  const phases = [...afterOpening(history), ...history.phases('open')];
  return history.receiptsIn(phases, upstream).some(({ at }) => at >= from);
}
