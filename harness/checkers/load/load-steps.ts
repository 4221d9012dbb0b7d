import type { RequestSample } from '../../history/events.ts';
import { tells } from '../../history/tells.ts';
import { capacityOf, type Facts, isServed } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import type { starvation } from '../lib/starvation.ts';

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
  /** Whether the generator kept its schedule, was answered, and nobody waited for a processor, often enough to blame the service. */
  isSound: boolean;
  /** Whether as many were served in time as the contract promises. */
  isBorne: boolean;
}

/**
 * Judges an even load by the contract's objective. Each request says in the tag `due` when it should have been sent.
 *
 * @param sent All of its requests, with those that tell nothing.
 * @param starved See `starvation`. A load that would be borne without that says nothing where it was not.
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
    ...{ calls, share, p50: at(0.5), p99: at(0.99), isBorne },
    isSound: enough && late <= calls.length * LATE_SHARE && !isStarved,
  };
}

/** "99.0 % in time, p50 2.1 ms, p99 4.0 ms". */
export const describeStep = ({ share, p50, p99 }: Step): string =>
  `${(share * 100).toFixed(1)} % in time, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
