import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import { tells } from '../../history/tells.ts';
import { capacityOf, type Facts, isServed } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import type { starvation } from '../lib/starvation.ts';

/** How many milliseconds late a request may be sent, and the share of requests that may be later than that. */
const [LATE_MS, LATE_SHARE] = [50, 0.05];
/** Minimum number of requests in a step. */
const ENOUGH = 20;
/** Minimum share of requests with a usable result. */
export const MOST = 0.99;

/** A period of constant load and its results. Times are in milliseconds. */
export interface Step {
  calls: readonly RequestSample[];
  /** The share of requests that were served in time. */
  share: number;
  p50: number;
  p99: number;
  /**
   * Whether the service can be blamed for a miss. This requires that the generator kept to its schedule and got
   * responses, and that nothing waited for a processor.
   */
  isSound: boolean;
  /** Whether the promised share was served in time. */
  isBorne: boolean;
  /** The number of late calls, and how many of them waited for a processor. */
  late: { served: number; excused: number };
}

/**
 * Judges a period of constant load by the contract's objective. Each request's `due` tag is its scheduled time.
 *
 * @param sent All requests, including those without a usable result.
 * @param starved See `starvation`. A missed objective proves nothing if waits for a processor explain it.
 */
export function stepOf(sent: readonly RequestSample[], facts: Facts, starved: ReturnType<typeof starvation>): Step {
  const calls = sent.filter(tells);
  const { withinMs, share: promised } = capacityOf(facts);
  const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  const late = calls.filter((call) => call.at - Number(call.tags.due) > LATE_MS).length;
  const served = calls.filter((call) => isServed(facts, call));
  const inTime = served.filter(({ ms }) => ms <= withinMs);
  const mayBe = served.filter((call) => call.ms > withinMs && call.ms - starved(call.at, answered(call)) <= withinMs);
  const share = inTime.length / calls.length;
  const isBorne = share >= promised;
  const isStarved = !isBorne && inTime.length + mayBe.length >= promised * calls.length;
  const enough = calls.length >= Math.max(ENOUGH, sent.length * MOST);
  return {
    calls,
    share,
    p50: at(0.5),
    p99: at(0.99),
    isBorne,
    late: { served: served.length - inTime.length, excused: mayBe.length },
    isSound: enough && late <= calls.length * LATE_SHARE && !isStarved,
  };
}

/**
 * "99.0% in time, p50 2.1 ms, p99 4.0 ms". If some late calls of a missed step waited for a processor, also returns the
 * number of the others.
 */
export function describeStep({ share, p50, p99, isBorne, late: { served: late, excused } }: Step): string {
  if (Number.isNaN(share)) return 'no calls';
  const step = `${(share * 100).toFixed(1)} % in time, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  if (isBorne || excused === 0) return step;
  return `${step}; ${count(late, 'call')} late, minus ${excused} that waited for a processor: ${late - excused}`;
}
