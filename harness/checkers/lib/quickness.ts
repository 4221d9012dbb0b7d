import { count } from '../../base/in-words.ts';
import { upperMedian } from '../../base/median.ts';
import type { Tags } from '../../contract/tags.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { longestLessNoise, type Noise, ownTime, whatIsLeft } from './noise.ts';

/**
 * Judges whether requests were fast compared with others that had to wait. Each must take at most a quarter of the
 * shortest wait.
 *
 * The result is INCONCLUSIVE if only a few are slow, if one has no response, or if noise may explain the slow ones. It
 * is still a PASS if at most 10% of the requests are slow and noise explains it, or if at most 2% are slow and take
 * less than half the wait.
 *
 * @param slow The requests that had to wait, for far longer than the machine's noise.
 * @param about.atMostMs The intended wait, if known. A defect may have made the requests wait longer.
 */
export function judgeQuickness(
  quick: readonly RequestSample[],
  slow: readonly RequestSample[],
  about: { check: string; requests: readonly Tags[]; what: string; noise: Noise; atMostMs?: number | undefined },
): Finding {
  const { check, requests, what, noise, atMostMs = Number.POSITIVE_INFINITY } = about;
  const waited = Math.min(atMostMs, ...slow.map(({ ms }) => ms));
  const bound = waited / 4;
  const times = quick.map(({ ms }) => ms);
  const longest = Math.max(...times);
  const own = quick.map((request) => ownTime(request, noise));
  const usual = upperMedian(times);
  const evidence = [
    ...(usual >= bound ? whatIsLeft('the median: measured', usual, 0, usual - upperMedian(own)) : []),
    ...longestLessNoise(quick, bound, noise),
  ];
  const judged = {
    check,
    requests,
    ...(evidence.length > 0 && { evidence }),
    expected: `each within a quarter of the time of ${what}${Number.isFinite(bound) ? ` (${bound.toFixed(0)} ms)` : ''}`,
    observed: `median ${usual.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, of ${count(times.length, 'call')}`,
  };
  if (times.length === 0 || slow.length === 0) return { ...judged, observed: 'no samples', verdict: 'INCONCLUSIVE' };
  if (upperMedian(own) >= bound) return { ...judged, verdict: 'FAIL' };
  const answered = quick.every(({ status }) => status !== 0);
  const late = times.filter((ms) => ms >= bound).length / times.length;
  const held = (late <= 0.1 && Math.max(...own) < bound) || (late <= 0.02 && longest < waited / 2);
  return { ...judged, verdict: answered && held ? 'PASS' : 'INCONCLUSIVE' };
}

/**
 * Returns the slower half of the calls that opened the breaker. The upstream was slow, but some failures, such as a
 * connection that is half-closed when a request arrives, don't wait for it.
 */
export function slowToFail(history: History): RequestSample[] {
  const failed = history.requestsIn(history.phases('opening')).toSorted((a, b) => b.ms - a.ms);
  return failed.slice(0, Math.ceil(failed.length / 2));
}
