import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Noise, subtracted } from './noise.ts';

/**
 * Describes a time from which a check subtracts delays that the service did not cause, as a line of evidence: the
 * measured time, the subtracted time, and the rest. Returns an empty list if nothing was subtracted. Call it only if
 * the subtraction matters: a time within its limit is judged as measured.
 *
 * @param what The subject of the time, such as `the longest call`.
 * @param why The reason for the subtracted part, after its duration. Defaults to machine noise.
 * @example lessNoise('the longest call', 1_320, 80)
 * // ["the longest call: measured 1.32 s minus 80 ms of machine noise: 1.24 s"]
 */
export const lessNoise = (what: string, measuredMs: number, subtractedMs: number, why = 'of machine noise'): string[] =>
  subtracted(`${what}: measured`, measuredMs, { [why]: subtractedMs });

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
