import type { Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { callsAsEvidence, type Facts, isServed, poolOf, tally } from './checker.ts';
import { judgeExcess, longestLessNoise, type Noise } from './noise.ts';

/** Tolerance for late responses, in milliseconds. On a busy machine, delays of timers and sockets add up. */
const LATE_MS = 1_000;

interface FaultCalls {
  check: string;
  requests: readonly Tags[];
  /** The promised response time, in seconds. */
  seconds: number;
  /** The start of the outage. Times in the evidence are relative to it. */
  began: number;
  /** Whether the outage affected the calls. If not, they prove nothing. */
  felt: boolean;
  noise: Noise;
}

/** Judges whether each call was served or rejected within the promised time while the database was broken. */
export function answeredInTime(
  calls: readonly RequestSample[],
  facts: Facts,
  { check, requests, seconds, began, felt, noise }: FaultCalls,
): Finding {
  const { refusal } = poolOf(facts);
  const promisedMs = seconds * 1_000;
  const longest = Math.max(0, ...calls.map(({ ms }) => ms));
  const late = worst(['PASS', ...calls.map(({ at, ms }) => judgeExcess(ms - promisedMs, LATE_MS, noise(at, at + ms)))]);
  const isWrong = (call: RequestSample) => call.status !== refusal && !isServed(facts, call);
  const bad = calls.filter((call) => isWrong(call) || call.ms > promisedMs + LATE_MS);
  const judged = {
    check,
    requests,
    expected: `served or ${refusal}, each within ${seconds} s`,
    observed: `${tally(calls.map(answerOf))}; the longest took ${(longest / 1_000).toFixed(2)} s`,
    ...(bad.length > 0 && {
      evidence: [...longestLessNoise(calls, promisedMs + LATE_MS, noise), ...callsAsEvidence(bad, began)],
    }),
  };
  if (late === 'FAIL' || bad.some(isWrong)) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: felt ? late : 'INCONCLUSIVE' };
}
