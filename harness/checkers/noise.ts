import type { History } from '../history/history.ts';
import type { Facts, Verdict } from './checker.ts';
import { stallsUnderLoad } from './stalls.ts';

/**
 * Milliseconds by which a time of a run may be off through the machine alone: the most that it added to a timer or to a
 * loopback request before the run, or the longest pause that was seen in it.
 */
export const noiseMs = (history: History, { noise }: Facts): number =>
  Math.max(noise.timerLateMs, noise.loopbackMs, ...stallsUnderLoad(history).map(({ ms }) => ms));

/**
 * Judges by how many milliseconds a time is beyond its bound: as many as a tolerance has are none; as many more as the noise
 * has may be the machine's.
 */
export function judgeExcess(ms: number, toleranceMs: number, noise: number): Verdict {
  if (ms <= toleranceMs) return 'PASS';
  return ms <= toleranceMs + noise ? 'INCONCLUSIVE' : 'FAIL';
}
