import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import type { Facts } from './checker.ts';
import { stallsUnderLoad } from './stalls.ts';
import { starvation } from './starvation.ts';

/**
 * Milliseconds by which the machine alone may falsify a time in this run: the largest delay of a timer or a loopback
 * request before the run, or the longest pause in it.
 */
export const noiseMs = (history: History, { noise }: Facts): number =>
  Math.max(noise.timerLateMs, noise.loopbackMs, ...stallsUnderLoad(history).map(({ ms }) => ms));

/** Returns how many milliseconds the machine alone may have added between two moments (since the epoch). */
export type Noise = (from: number, until: number) => number;

/**
 * The noise of a run plus the time that the parties waited for a processor meanwhile. A delay up to that may come from
 * the machine; a longer one comes from the service.
 */
export function noiseOf(history: History, facts: Facts): Noise {
  const [noise, starved] = [noiseMs(history, facts), starvation(history)];
  return (from, until) => noise + starved(from, until);
}

/** Milliseconds after which a process has noted an event at the latest, apart from its waits for a processor. */
const NOTED_WITHIN_MS = 200;

/** Returns the noise of a noted time: the process may have waited for a processor before it noted the event. */
export const noiseOfNote = (noise: Noise, noted: number): number => noise(noted - NOTED_WITHIN_MS, noted);

/** Returns the duration of a request minus the noise, in milliseconds and at least 0. */
export const ownTime = ({ at, ms }: RequestSample, noise: Noise): number => Math.max(0, ms - noise(at, at + ms));

/**
 * Judges an excess over a bound, in milliseconds: within the tolerance PASS, within tolerance and noise INCONCLUSIVE,
 * beyond both FAIL.
 */
export function judgeExcess(ms: number, toleranceMs: number, noise: number): Verdict {
  if (ms <= toleranceMs) return 'PASS';
  return ms <= toleranceMs + noise ? 'INCONCLUSIVE' : 'FAIL';
}
