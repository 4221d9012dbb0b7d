import type { Outage } from './outages.ts';

/** Fewer tell nothing: of six, the range from the shortest to the longest holds the true median with 97 % (1 − 2/2⁶). */
const OUTAGES_NEEDED = 6;

/** What is in force, and what is suggested in its stead; `why` names what in the history speaks for it. */
export interface Suggestion {
  readonly now: number;
  readonly suggested: number;
  readonly why: string;
}

/** What a breaker's history says of its settings. Recovery in seconds. */
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

// No step goes further than this factor: beyond what was seen, only a new history can tell.
const LONGEST_STEP = 2;
// A suggestion this near to what is in force would only follow chance.
const NOTEWORTHY = 1.5;
const MOST = 0.5;
const FEW = 0.1;
const LOWEST_THRESHOLD = 3;

/**
 * Suggests a failure threshold and a recovery timeout from a breaker's finished outages (specification R4: the threshold is
 * adjusted from how often the circuit opened). Only outages under the newest settings count.
 *
 * Recovery timeout: half of the median outage, so that a typical outage costs one or two failed trials, and clients are
 * refused for at most half as long again as the API was down. An outage's length is known between two trials; its middle
 * is taken. Threshold: where most openings were over at the first trial, they were hiccups, and it is raised by half; where
 * hardly any was, each opening was a true outage, in which every further call waited in vain, and it is lowered by a third.
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
    ...{ kind: 'advice', outages, medianSeconds, failedTrials, selfHealed },
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
  const share = `${Math.round(selfHealed * 100)} % of the openings were over at the first trial`;
  if (selfHealed >= MOST) {
    return { now, suggested: Math.ceil(now * 1.5), why: `${share}: it opens for hiccups too` };
  }
  if (selfHealed <= FEW) {
    // Below the lowest, single failures that any API has now and then would open it; what is lower already stays.
    const suggested = Math.min(now, Math.max(LOWEST_THRESHOLD, Math.round((now * 2) / 3)));
    return { now, suggested, why: `${share}: nearly every opening was a true outage, so it may open sooner` };
  }
  return { now, suggested: now, why: `${share}: neither too many nor too few` };
}

function adviseRecovery(now: number, medianSeconds: number, failedTrials: number): Suggestion {
  const wanted = Math.max(now / LONGEST_STEP, Math.min(now * LONGEST_STEP, medianSeconds / 2));
  const rounded = wanted < 10 ? Math.round(wanted * 10) / 10 : Math.round(wanted);
  const seen = `half of outages last under ${medianSeconds.toFixed(1)} s, with ${failedTrials.toFixed(1)} failed trials each`;
  if (wanted > now * NOTEWORTHY) return { now, suggested: rounded, why: `${seen}: trials come too early` };
  if (wanted < now / NOTEWORTHY)
    return { now, suggested: rounded, why: `${seen}: it refuses long after the API is back` };
  return { now, suggested: now, why: `${seen}: one or two failed trials each are the aim` };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? 0)) / 2;
}
