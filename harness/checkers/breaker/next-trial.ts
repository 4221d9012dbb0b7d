import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, Phases } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Breaker } from '../lib/checker.ts';
import { judgeExcess, type Noise, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { EARLY_MS } from '../lib/tolerances.ts';
import { moments } from './moments.ts';
import { isOverdue } from './overdue.ts';

type Judged = Pick<Finding, 'observed' | 'verdict' | 'evidence'>;

/** A failed trial: its name, its receipt, and when its caller got the response (in milliseconds since the epoch). */
export interface FailedTrial {
  what: string;
  receipt: RequestReceipt;
  answeredAt: number;
}

/** The phases in which the script calls until a call is served, and the tolerances in milliseconds. */
export interface NextTrialOptions {
  phases: Phases;
  /** How long calls may still be rejected after the timeout, not counting noise. */
  lateMs: number;
  noise: Noise;
}

/**
 * Judges the time of the trial that follows a failed one. It must come shortly after a full recovery timeout, counted
 * from when the upstream or the caller saw the failed trial end. Every call before it must be rejected.
 */
export function judgeNextTrial(
  history: History,
  { upstream, recoverySeconds, refusal }: Breaker,
  { what, receipt, answeredAt }: FailedTrial,
  { phases, lateMs, noise }: NextTrialOptions,
): Judged {
  const timeout = recoverySeconds * 1_000;
  const from = Math.min(receipt.endedAt ?? answeredAt, answeredAt);
  const calls = history.requestsIn(phases);
  const [next] = history.receiptsIn(phases, upstream);
  const before = next ? calls.filter((call) => answered(call) < next.at) : calls;
  const refused = before.filter(({ status }) => status === refusal);
  const other = before.find(({ status }) => status !== refusal);
  const last = calls.findLast(({ status }) => status === refusal);
  const after = (at: number) => `${((at - from) / 1_000).toFixed(2)} s`;
  const seen = (seenToo: Record<string, number>) => moments(history, { [what]: from, ...seenToo });
  const judged = [next && early(next.at), last && late(last.at), other && notRefused(other)];
  const found = judged.filter((finding) => finding !== undefined && finding.verdict !== 'PASS') as Judged[];
  return found.find(({ verdict }) => verdict === 'FAIL') ?? found[0] ?? inTime();

  function early(at: number): Judged {
    const excess = [timeout - (at - from), EARLY_MS, noiseOfNote(noise, from)] as const;
    return {
      observed: `a call reached ${upstream} after ${after(at)}`,
      verdict: judgeExcess(...excess),
      evidence: [...seen({ 'the call arrived': at }), ...whatIsLeft('measured: too early by', ...excess)],
    };
  }

  function late(at: number): Judged {
    const due = answeredAt + timeout;
    const excess = [at - due, lateMs, noise(due, at)] as const;
    const isLast = next !== undefined && next.at > at;
    return {
      observed: isLast ? `the next trial came after ${after(next.at)}` : `a call was still refused after ${after(at)}`,
      verdict: isOverdue(refused, due + lateMs) ? 'FAIL' : judgeExcess(...excess),
      evidence: [
        ...seen({ 'the last refused call was sent': at, ...(isLast && { 'the next trial arrived': next.at }) }),
        ...whatIsLeft('measured: too late by', ...excess),
      ],
    };
  }

  function notRefused(call: RequestSample): Judged {
    return { observed: `a call before the next trial got ${answerOf(call)}, not ${refusal}`, verdict: 'FAIL' };
  }

  /** For a PASS, there must be no gap between the calls, because the breaker's state during a gap is unknown. */
  function inTime(): Judged {
    if (!next) return { observed: 'no call came late enough to be the next trial', verdict: 'INCONCLUSIVE' };
    if (refused.length === 0) return { observed: 'there were no calls before it', verdict: 'INCONCLUSIVE' };
    const times = [answeredAt, ...before.map(({ at }) => at), next.at];
    const gap = times.slice(1).reduce((most, at, index) => Math.max(most, at - (times[index] as number)), 0);
    if (gap > timeout / 4) {
      return { observed: `there were no calls for ${(gap / 1_000).toFixed(2)} s of it`, verdict: 'INCONCLUSIVE' };
    }
    return { observed: `${after(next.at)}; ${count(refused.length, 'refusal')} before it`, verdict: 'PASS' };
  }
}
