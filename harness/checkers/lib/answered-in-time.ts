import type { RequestSample } from '../../history/events.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { callsAsEvidence, type Facts, isServed, poolOf, tally } from './checker.ts';
import { judgeExcess, type Noise } from './noise.ts';

/** Milliseconds beyond what the service promises that an answer may take: timers and sockets of a busy machine, one after the other. */
const LATE_MS = 1_000;

interface Asked {
  check: string;
  /** Within which an answer is promised. */
  seconds: number;
  /** When the database broke: what the times of evidence are counted from. */
  began: number;
  /** Whether calls were such that the outage was felt: else they prove nothing. */
  felt: boolean;
  noise: Noise;
}

/** Judges whether calls of a service that lacks its database were served or refused, each in the time that it promises. */
export function answeredInTime(
  calls: readonly RequestSample[],
  facts: Facts,
  { check, seconds, began, felt, noise }: Asked,
): Finding {
  const { refusal } = poolOf(facts);
  const promisedMs = seconds * 1_000;
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const late = worst(['PASS', ...calls.map(({ at, ms }) => judgeExcess(ms - promisedMs, LATE_MS, noise(at, at + ms)))]);
  const isWrong = (call: RequestSample) => call.status !== refusal && !isServed(facts, call);
  const bad = calls.filter((call) => isWrong(call) || call.ms > promisedMs + LATE_MS);
  const judged = {
    check,
    expected: `served or ${refusal}, each within ${seconds} s`,
    observed: `${tally(calls.map(({ status }) => status))}; the longest took ${(longest / 1_000).toFixed(2)} s`,
    ...(bad.length > 0 && { evidence: callsAsEvidence(bad, began) }),
  };
  if (late === 'FAIL' || bad.some(isWrong)) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: felt ? late : 'INCONCLUSIVE' };
}
