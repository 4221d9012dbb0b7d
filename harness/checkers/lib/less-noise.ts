import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Noise, subtracted } from './noise.ts';

/**
 * Describes a time from which a check subtracts what is not the service's, as a line of evidence: what was measured, what
 * was subtracted, and what is left. Returns an empty list if nothing was subtracted. Call it only if the subtraction
 * matters: a time within its limit is judged as measured.
 *
 * @param what Whose time it is, such as `the longest call`.
 * @param why What explains the subtracted part, after "that …". Defaults to the machine's noise.
 * @example lessNoise('the longest call', 1_320, 80)
 * // ["the longest call: measured 1.32 s, less 80 ms that the machine's noise explains: 1.24 s"]
 */
export const lessNoise = (
  what: string,
  measuredMs: number,
  subtractedMs: number,
  why = "the machine's noise explains",
): string[] => subtracted(`${what}: measured`, measuredMs, { [`that ${why}`]: subtractedMs });

/** Returns a finding with more lines of evidence, if there are any. */
export const withEvidence = <Judged extends Pick<Finding, 'verdict' | 'evidence'>>(
  finding: Judged,
  lines: readonly string[],
): Judged => (lines.length === 0 ? finding : { ...finding, evidence: [...(finding.evidence ?? []), ...lines] });

/** Describes the longest of some calls that exceeded a limit, without noise. Returns an empty list if none did. */
export function longestLessNoise(calls: readonly RequestSample[], limitMs: number, noise: Noise): string[] {
  const [longest] = calls.toSorted((a, b) => b.ms - a.ms);
  if (!longest || longest.ms <= limitMs) return [];
  return lessNoise('the longest call', longest.ms, noise(longest.at, longest.at + longest.ms));
}
