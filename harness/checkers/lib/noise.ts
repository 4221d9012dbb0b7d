import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import type { Facts } from './checker.ts';
import { stallsUnderLoad } from './stalls.ts';
import { starvation } from './starvation.ts';
import { TAKEN_FOR_TIMEOUT_MS } from './tolerances.ts';

/**
 * Returns by how many milliseconds the machine alone may have distorted a time in this run. This is the largest delay
 * of a timer or a loopback request measured before the run, or the longest pause during the run.
 */
export const noiseMs = (history: History, { noise }: Facts): number =>
  Math.max(noise.timerLateMs, noise.loopbackMs, ...stallsUnderLoad(history).map(({ ms }) => ms));

/** Returns the delay that the machine alone may have added between two times (in milliseconds since the epoch). */
export type Noise = (from: number, until: number) => number;

/**
 * Returns the run's noise plus the time that the parties spent waiting for a processor in the meantime. A delay up to
 * that value may come from the machine, and a longer one comes from the service.
 */
export function noiseOf(history: History, facts: Facts): Noise {
  const [noise, starved] = [noiseMs(history, facts), starvation(history)];
  return (from, until) => noise + starved(from, until);
}

/** Maximum time that a process takes to record an event, in milliseconds, not counting its waits for a processor. */
const NOTED_WITHIN_MS = 200;

/** Returns the noise in a recorded time. The process may have waited for a processor before it recorded the event. */
export const noiseOfNote = (noise: Noise, noted: number): number => noise(noted - NOTED_WITHIN_MS, noted);

/** Returns a request's duration minus the noise, in milliseconds, but at least 0. */
export const ownTime = ({ at, ms }: RequestSample, noise: Noise): number => Math.max(0, ms - noise(at, at + ms));

/**
 * Whether most of a call's time is a delay by the machine, so that the service may have seen a timeout instead of
 * something else.
 */
export function isMostlyDelayed(call: RequestSample, noise: Noise): boolean {
  const delayed = call.ms - ownTime(call, noise);
  return delayed >= TAKEN_FOR_TIMEOUT_MS && delayed >= call.ms / 2;
}

/**
 * Judges by how many milliseconds a limit was exceeded: PASS within the tolerance, INCONCLUSIVE within tolerance plus
 * noise, and FAIL otherwise.
 */
export function judgeExcess(ms: number, toleranceMs: number, noise: number): Verdict {
  if (ms <= toleranceMs) return 'PASS';
  return ms <= toleranceMs + noise ? 'INCONCLUSIVE' : 'FAIL';
}
