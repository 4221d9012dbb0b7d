import type { History } from '../history/history.ts';
import type { breakerOf, Finding } from './checker.ts';
import { moments } from './moments.ts';
import { judgeExcess } from './noise.ts';
import { EARLY_MS } from './tolerances.ts';

/** A trial that failed, in words, and when: for its upstream, and for its caller (milliseconds since the epoch). */
export interface FailedTrial {
  what: string;
  from: number;
  answered: number;
}

/**
 * Judges when the trial after a failed one came: not before a whole recovery timeout, and soon after it (R4). In the phase, the
 * script calls again and again until one is served.
 *
 * @param lateMs Milliseconds for which calls may still be refused after the timeout, without any noise.
 */
export function judgeNextTrial(
  history: History,
  { upstream, recoverySeconds, refusal }: ReturnType<typeof breakerOf>,
  { what, from, answered }: FailedTrial,
  { phase, lateMs, noise }: { phase: string; lateMs: number; noise: number },
): Pick<Finding, 'observed' | 'verdict' | 'evidence'> {
  const timeout = recoverySeconds * 1_000;
  const calls = history.requests({ phase });
  const [next] = history.receiptsIn(phase, upstream);
  const after = (at: number) => `${((at - from) / 1_000).toFixed(2)} s`;
  const seen = (seenToo: string, at: number) => moments(history, { [what]: from, [seenToo]: at });
  const early = next ? judgeExcess(timeout - (next.at - from), EARLY_MS, noise) : 'PASS';
  if (next && early !== 'PASS') {
    const observed = `a call reached ${upstream} after ${after(next.at)}`;
    return { observed, verdict: early, evidence: seen('the call arrived', next.at) };
  }
  const refused = calls.findLast(({ status }) => status === refusal);
  const late = refused ? judgeExcess(refused.at - answered - timeout, lateMs, noise) : 'PASS';
  if (refused && late !== 'PASS') {
    const observed = `a call was still refused after ${after(refused.at)}`;
    return { observed, verdict: late, evidence: seen('the call was sent', refused.at) };
  }
  if (!next) return { observed: 'no call came late enough to be the next trial', verdict: 'INCONCLUSIVE' };
  const before = calls.filter(({ at, ms }) => at + ms < next.at);
  const other = before.find(({ status }) => status !== refusal && status !== 0);
  if (other) return { observed: `a call before it was answered ${other.status}, not ${refusal}`, verdict: 'FAIL' };
  const times = [answered, ...calls.map(({ at }) => at).filter((at) => at <= next.at), next.at];
  const gap = Math.max(...times.slice(1).map((at, index) => at - (times[index] as number)));
  if (gap > timeout / 4)
    return { observed: `nobody called for ${(gap / 1_000).toFixed(2)} s of it`, verdict: 'INCONCLUSIVE' };
  return { observed: `${after(next.at)}; ${times.length - 2} calls before it were refused`, verdict: 'PASS' };
}
