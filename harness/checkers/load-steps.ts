import type { RequestSample } from '../history/events.ts';
import { tells } from '../history/tells.ts';
import { capacityOf, type Facts, isServed } from './checker.ts';

/** Milliseconds after its time at which a request may be sent, and the share of those that may be later. */
const [LATE_MS, LATE_SHARE] = [50, 0.05];
/** Requests below which nothing is known of a step. */
const ENOUGH = 20;
/** Of the requests of a load, how many have to tell something of the service for the load to do so. */
export const MOST = 0.99;

/** Some seconds of an even load, and what became of it. Times in milliseconds. */
export interface Step {
  calls: readonly RequestSample[];
  /** The share that was served in time. */
  share: number;
  p50: number;
  p99: number;
  /** Whether the generator kept its schedule, and was answered, often enough to blame the service. */
  isSound: boolean;
  /** Whether as many were served in time as the contract promises. */
  isBorne: boolean;
}

/**
 * Judges an even load by the contract's objective. Each request says in the tag `due` when it should have been sent.
 *
 * @param sent All of its requests, with those that tell nothing.
 */
export function stepOf(sent: readonly RequestSample[], facts: Facts): Step {
  const calls = sent.filter(tells);
  const { withinMs, share: promised } = capacityOf(facts);
  const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  const late = calls.filter((call) => call.at - Number(call.tags.due) > LATE_MS).length;
  const share = calls.filter((call) => isServed(facts, call) && call.ms <= withinMs).length / calls.length;
  return {
    ...{ calls, share, p50: at(0.5), p99: at(0.99) },
    isSound: calls.length >= Math.max(ENOUGH, sent.length * MOST) && late <= calls.length * LATE_SHARE,
    isBorne: share >= promised,
  };
}

/** "99.0 % in time, p50 2.1 ms, p99 4.0 ms". */
export const describeStep = ({ share, p50, p99 }: Step): string =>
  `${(share * 100).toFixed(1)} % in time, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
