import type { History } from '../history/history.ts';
import { breakerOf, type Facts } from './checker.ts';
import { noiseMs } from './noise.ts';
import { EARLY_MS } from './tolerances.ts';

/**
 * When the breaker opened at the latest, milliseconds since the epoch: with the last of the failures in the phase "opening". Those end
 * when they end at the upstream, but no later than their caller is answered: a service may give a call up, and leave it open.
 */
export function openedAt(history: History, facts: Facts): number {
  const calls = history.requests({ phase: 'opening' });
  const ended = history.receiptsIn('opening', breakerOf(facts).upstream).map(({ endedAt }) => endedAt ?? 0);
  const answered = Math.max(...calls.map(({ at, ms }) => at + ms));
  return Math.max(...calls.map(({ at }) => at), Math.min(Math.max(...ended), answered));
}

/** When that breaker may let a trial through at the earliest: what comes from then on says nothing of one that is open. */
export const trialFrom = (history: History, facts: Facts): number =>
  openedAt(history, facts) + breakerOf(facts).recoverySeconds * 1_000 - EARLY_MS - noiseMs(history, facts);
