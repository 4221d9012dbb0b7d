import { count } from '../../base/in-words.ts';
import type { Receipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answerOf, type Breaker } from './checker.ts';
import { moments } from './moments.ts';
import { judgeExcess, type Noise, noiseOfNote } from './noise.ts';
import { answered } from './request-times.ts';
import { EARLY_MS } from './tolerances.ts';

type Judged = Pick<Finding, 'observed' | 'verdict' | 'evidence'>;

/** A trial that failed: in words, as its upstream saw it, and when its caller was answered (milliseconds since the epoch). */
export interface FailedTrial {
  what: string;
  receipt: Receipt;
  answeredAt: number;
}

/** In which phase the script calls again and again until one is served, and what a time may be off by, in milliseconds. */
export interface NextTrialOptions {
  phase: string;
  /** For how long after the timeout calls may still be refused, without any noise. */
  lateMs: number;
  noise: Noise;
}

/**
 * Judges when the trial after a failed one came: not before a whole recovery timeout, counted from when upstream or caller saw the
 * failed one end, and soon after it; every call before it is refused (R4).
 */
export function judgeNextTrial(
  history: History,
  { upstream, recoverySeconds, refusal }: Breaker,
  { what, receipt, answeredAt }: FailedTrial,
  { phase, lateMs, noise }: NextTrialOptions,
): Judged {
  const timeout = recoverySeconds * 1_000;
  const from = Math.min(receipt.endedAt ?? answeredAt, answeredAt);
  const calls = history.requests({ phase });
  const [next] = history.receiptsIn(phase, upstream);
  const before = next ? calls.filter((call) => answered(call) < next.at) : calls;
  const refused = before.filter(({ status }) => status === refusal);
  const other = before.find(({ status }) => status !== refusal);
  const last = calls.findLast(({ status }) => status === refusal);
  const after = (at: number) => `${((at - from) / 1_000).toFixed(2)} s`;
  const seen = (seenToo: string, at: number) => moments(history, { [what]: from, [seenToo]: at });
  const judged = [next && early(next.at), last && late(last.at), other && notRefused(other.status)];
  const found = judged.filter((one) => one !== undefined && one.verdict !== 'PASS') as Judged[];
  return found.find(({ verdict }) => verdict === 'FAIL') ?? found[0] ?? inTime();

  function early(at: number): Judged {
    const verdict = judgeExcess(timeout - (at - from), EARLY_MS, noiseOfNote(noise, from));
    return {
      observed: `a call reached ${upstream} after ${after(at)}`,
      verdict,
      evidence: seen('the call arrived', at),
    };
  }

  function late(at: number): Judged {
    const verdict = judgeExcess(at - answeredAt - timeout, lateMs, noise(answeredAt + timeout, at));
    return {
      observed: `a call was still refused after ${after(at)}`,
      verdict,
      evidence: seen('the call was sent', at),
    };
  }

  function notRefused(status: number): Judged {
    return { observed: `a call before it got ${answerOf({ status })}, not ${refusal}`, verdict: 'FAIL' };
  }

  /** Calls have to have come all of the time: where none did, the breaker may have been anything. */
  function inTime(): Judged {
    if (!next) return { observed: 'no call came late enough to be the next trial', verdict: 'INCONCLUSIVE' };
    if (refused.length === 0) return { observed: 'nobody called before it', verdict: 'INCONCLUSIVE' };
    const times = [answeredAt, ...before.map(({ at }) => at), next.at];
    const gap = times.slice(1).reduce((most, at, index) => Math.max(most, at - (times[index] as number)), 0);
    if (gap > timeout / 4) {
      return { observed: `nobody called for ${(gap / 1_000).toFixed(2)} s of it`, verdict: 'INCONCLUSIVE' };
    }
    return { observed: `${after(next.at)}; ${count(refused.length, 'refusal')} before it`, verdict: 'PASS' };
  }
}
