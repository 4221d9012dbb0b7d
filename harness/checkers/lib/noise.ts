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

/** The evidence if that is so for all failed calls. */
export const DELAYED = 'the machine delayed each failed call so much that the service may have run into a timeout';

/**
 * Judges by how many milliseconds a limit was exceeded: PASS within the tolerance, INCONCLUSIVE within tolerance plus
 * noise, and FAIL otherwise.
 */
export function judgeExcess(ms: number, toleranceMs: number, noise: number): Verdict {
  if (ms <= toleranceMs) return 'PASS';
  return ms <= toleranceMs + noise ? 'INCONCLUSIVE' : 'FAIL';
}

/**
 * Returns, as evidence, by how much a time exceeds a limit, and the rest after the tolerance and the noise are
 * subtracted, all in milliseconds. Empty if nothing is exceeded or subtracted. Takes the arguments of `judgeExcess`.
 *
 * @param what The words before the time, such as "measured: too late by"
 * @example whatIsLeft('measured: too late by', 1_320, 500, 80)
 * // ["measured: too late by 1.32 s minus 500 ms of tolerance and 80 ms of machine noise: 740 ms"]
 */
export const whatIsLeft = (what: string, ms: number, toleranceMs: number, noise: number): string[] =>
  ms > 0 ? subtracted(what, ms, { 'of tolerance': toleranceMs, 'of machine noise': noise }) : [];

/**
 * Returns, as evidence, the rest of a time after others are subtracted, all in milliseconds. Empty if they are 0.
 *
 * @param what The words before the time
 * @param less The times that are subtracted, by the words after each
 */
export function subtracted(what: string, ms: number, less: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(less).filter(([, part]) => part > 0);
  if (parts.length === 0) return [];
  const left = parts.reduce((rest, [, part]) => rest - part, ms);
  const named = parts.map(([why, part]) => `${asTime(part)} ${why}`).join(' and ');
  return [`${what} ${asTime(ms)} minus ${named}: ${asTime(Math.max(0, left))}`];
}

/** A time that must not exceed a limit, and how much of it the machine alone may have added, in milliseconds. */
export interface Measured {
  readonly ms: number;
  readonly noise: number;
}

/**
 * Returns, as evidence, the rest of the time that exceeds a limit the most. Empty if no time exceeds it, because then
 * nothing is subtracted.
 */
export function whatIsLeftOver(what: string, times: readonly Measured[], limitMs: number, toleranceMs = 0): string[] {
  const [worst] = times.filter(({ ms }) => ms > limitMs).toSorted((a, b) => b.ms - b.noise - (a.ms - a.noise));
  return worst ? whatIsLeft(what, worst.ms, toleranceMs, worst.noise) : [];
}

/** Returns `whatIsLeftOver` for calls that must not take longer than a limit. */
export const longestLessNoise = (calls: readonly RequestSample[], limitMs: number, noise: Noise): string[] =>
  whatIsLeftOver(
    'the longest call: measured',
    calls.map(({ at, ms }) => ({ ms, noise: noise(at, at + ms) })),
    limitMs,
  );

/** Describes a time in milliseconds or, from 1,000 of them on, in seconds. */
export function asTime(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
