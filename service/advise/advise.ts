import type { Outage } from './outages.ts';

/**
 * Minimum number of outages for advice. With six outages, the probability that the true median lies between the
 * shortest and the longest one is 97% (1 − 2/2⁶).
 */
const OUTAGES_NEEDED = 6;

/** A setting's current and suggested value, and the reason for the suggestion. */
export interface Suggestion {
  readonly now: number;
  readonly suggested: number;
  readonly why: string;
}

/** Advice based on one breaker's history. Recovery times are in seconds. */
export type Advice =
  | { readonly kind: 'too_little'; readonly outages: number; readonly needed: number }
  | {
      readonly kind: 'advice';
      readonly outages: readonly Outage[];
      readonly medianSeconds: number;
      readonly failedTrials: number;
      readonly selfHealed: number;
      readonly threshold: Suggestion;
      readonly recovery: Suggestion;
    };

// Maximum factor per suggestion, because the history doesn't show how the breaker would behave beyond it.
const LONGEST_STEP = 2;
// Smaller differences may be due to chance.
const NOTEWORTHY = 1.5;
const MOST = 0.5;
const FEW = 0.1;
const LOWEST_THRESHOLD = 3;

/**
 * Suggests a failure threshold and a recovery timeout based on a breaker's finished outages. The specification requires
 * that the threshold is adjusted to the number of openings. Only outages under the most recent settings count.
 *
 * Recovery timeout: half of the median outage. A typical outage then costs one or two failed trials, and clients are
 * rejected for at most 50% longer than the API was down. The exact length of an outage is unknown because it ends
 * between two trials, so the midpoint is used.
 *
 * Threshold: if most outages ended with the first trial, the breaker opens for brief errors, so the threshold is raised
 * by half. If almost none did, each opening was a real outage in which further calls only waited, so the threshold is
 * lowered by a third.
 */
export function advise(history: readonly Outage[]): Advice {
  const outages = underNewestSettings(history);
  const newest = outages.at(-1);
  if (!newest || outages.length < OUTAGES_NEEDED) {
    return { kind: 'too_little', outages: outages.length, needed: OUTAGES_NEEDED };
  }
  const medianSeconds = median(outages.map((outage) => (outage.shortestSeconds + outage.longestSeconds) / 2));
  const failedTrials = outages.reduce((sum, outage) => sum + outage.failedTrials, 0) / outages.length;
  const selfHealed = outages.filter((outage) => outage.failedTrials === 0).length / outages.length;
  return {
    kind: 'advice',
    outages,
    medianSeconds,
    failedTrials,
    selfHealed,
    threshold: adviseThreshold(newest.threshold, selfHealed),
    recovery: adviseRecovery(newest.recoverySeconds, medianSeconds, failedTrials),
  };
}

function underNewestSettings(history: readonly Outage[]): Outage[] {
  const newest = history.at(-1);
  const changed = history.findLastIndex(
    ({ threshold, recoverySeconds }) => threshold !== newest?.threshold || recoverySeconds !== newest?.recoverySeconds,
  );
  return history.slice(changed + 1);
}

function adviseThreshold(now: number, selfHealed: number): Suggestion {
  const share = `${Math.round(selfHealed * 100)} % of the openings ended at the first trial`;
  if (selfHealed >= MOST) {
    return { now, suggested: Math.ceil(now * 1.5), why: `${share}: the breaker also opens for brief errors` };
  }
  if (selfHealed <= FEW) {
    // Below the minimum, the occasional failures of any API would open the breaker. Don't raise a setting that is
    // already lower.
    const suggested = Math.min(now, Math.max(LOWEST_THRESHOLD, Math.round((now * 2) / 3)));
    return { now, suggested, why: `${share}: nearly every opening was a real outage, so it can open sooner` };
  }
  return { now, suggested: now, why: `${share}: this is a healthy share` };
}

function adviseRecovery(now: number, medianSeconds: number, failedTrials: number): Suggestion {
  const wanted = Math.max(now / LONGEST_STEP, Math.min(now * LONGEST_STEP, medianSeconds / 2));
  const rounded = wanted < 10 ? Math.round(wanted * 10) / 10 : Math.round(wanted);
  const seen = `half of the outages last under ${medianSeconds.toFixed(1)} s, with ${failedTrials.toFixed(1)} failed trials each`;
  if (wanted > now * NOTEWORTHY) return { now, suggested: rounded, why: `${seen}: trials are too early` };
  if (wanted < now / NOTEWORTHY)
    return { now, suggested: rounded, why: `${seen}: calls are refused long after the API is back` };
  return { now, suggested: now, why: `${seen}: one or two failed trials per outage are ideal` };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? 0)) / 2;
}
