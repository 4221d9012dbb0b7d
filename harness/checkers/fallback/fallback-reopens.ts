import { count } from '../../base/in-words.ts';
import type { Action, Phase } from '../../contract/phase.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Breaker, Checker, Facts } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote } from '../lib/noise.ts';
import { EARLY_MS } from '../lib/tolerances.ts';
import { firstBreaker } from './fallback-calls.ts';

/**
 * Checks that a failed trial reopens the breaker of a fallback's first upstream: although callers see no failure, no
 * call reaches the upstream for another recovery timeout. Whether one does so later is judged by `fallback-returns`. If
 * the breaker allows several trials, it is not known which of them reopens it, so it is not judged.
 */
export const fallbackReopens: Checker = {
  name: 'fallback-reopens',
  restsOn: ['fallback-breakers-apart'],
  usually:
    'The breaker does not wait for the recovery timeout again, or first counts up to the threshold, or the fallback hides the failed trial from it.',
  judge: (history, facts) =>
    history.phasesLike('fallback half-open in **').flatMap(({ name: phase, parts: [endpoint = ''] }) => {
      const breaker = firstBreaker(facts, endpoint);
      return breaker?.trying.most === 1 ? [judge(history, facts, { phase, endpoint, breaker })] : [];
    }),
};

interface HalfOpen {
  readonly phase: Action;
  readonly endpoint: string;
  readonly breaker: Breaker;
}

function judge(history: History, facts: Facts, { phase, endpoint, breaker }: HalfOpen): Finding {
  const { name, upstream, recoverySeconds } = breaker;
  const next: Phase = `after fallback outage in ${endpoint}`;
  const tried = history.receiptsIn(phase, upstream);
  const [arrived] = history.receiptsIn(next, upstream);
  const failedAt = Math.max(...tried.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  const judged = {
    check: `reopens behind the fallback: ${name}, ${endpoint}`,
    requests: [{ phase }, { phase: next }],
    expected: `the next call reaches ${upstream} ${recoverySeconds} s after a failed trial`,
  };
  if (!Number.isFinite(failedAt)) return { ...judged, observed: 'no trial failed', verdict: 'INCONCLUSIVE' };
  if (!arrived) return { ...judged, observed: `no call reached ${upstream} again`, verdict: 'INCONCLUSIVE' };
  const before = history.sent({ phase: next }).filter(({ at }) => at < arrived.at - EARLY_MS).length;
  const ms = arrived.at - failedAt;
  const early = judgeExcess(recoverySeconds * 1_000 - ms, EARLY_MS, noiseOfNote(noiseOf(history, facts), failedAt));
  return {
    ...judged,
    observed: `after ${(Math.max(0, ms) / 1_000).toFixed(2)} s; ${count(before, 'call')} before it`,
    verdict: early === 'PASS' && before === 0 ? 'INCONCLUSIVE' : early,
  };
}
