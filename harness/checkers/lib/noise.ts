import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import type { Facts } from './checker.ts';
import { stallsUnderLoad } from './stalls.ts';
import { starvation } from './starvation.ts';

/**
 * Milliseconds by which a time of a run may be off through the machine alone: the most that it added to a timer or to a
 * loopback request before the run, or the longest pause that was seen in it.
 */
export const noiseMs = (history: History, { noise }: Facts): number =>
  Math.max(noise.timerLateMs, noise.loopbackMs, ...stallsUnderLoad(history).map(({ ms }) => ms));

/** Milliseconds that the machine alone may have added to what lasted from one moment until another (both since the epoch). */
export type Noise = (from: number, until: number) => number;

/**
 * The noise of a run, and for as long as something lasted what those who had a part in it waited for a processor: what is late by
 * no more than that may be the machine's doing. What is later is the service's, however busy the machine was.
 */
export function noiseOf(history: History, facts: Facts): Noise {
  const [noise, starved] = [noiseMs(history, facts), starvation(history)];
  return (from, until) => noise + starved(from, until);
}

/** Milliseconds after which a process notes at the latest what it has done, but for what it waited for a processor meanwhile. */
const NOTED_WITHIN_MS = 200;

/** The noise of when something was noted: whoever noted it may have waited for a processor since it was. */
export const noiseOfNote = (noise: Noise, noted: number): number => noise(noted - NOTED_WITHIN_MS, noted);

/** A request's time without what the machine alone may have added: milliseconds, not below 0. */
export const ownTime = ({ at, ms }: RequestSample, noise: Noise): number => Math.max(0, ms - noise(at, at + ms));

/**
 * Judges by how many milliseconds a time is beyond its bound: as many as a tolerance has are none; as many more as the noise
 * has may be the machine's.
 */
export function judgeExcess(ms: number, toleranceMs: number, noise: number): Verdict {
  if (ms <= toleranceMs) return 'PASS';
  return ms <= toleranceMs + noise ? 'INCONCLUSIVE' : 'FAIL';
}
