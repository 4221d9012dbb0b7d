import { count } from '../../base/in-words.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import type { Breaker, BuiltInChecker, Facts } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote, whatIsLeft } from '../lib/noise.ts';
import { EARLY_MS } from '../lib/tolerances.ts';
import { type FallbackOutage, fallbackOutages, firstBreaker, plannedWithBreaker } from './fallback-calls.ts';

/**
 * Checks that a failed trial reopens the breaker of a fallback's first upstream: although callers see no failure, no
 * call reaches the upstream for another recovery timeout. Whether one does so later is judged by `fallback-returns`. If
 * the breaker allows several trials, it is not known which of them reopens it, so it is not judged.
 */
export const fallbackReopens: BuiltInChecker = {
  name: 'fallback-reopens',
  restsOn: ['fallback-breakers-apart'],
  usually:
    'The breaker does not wait for the recovery timeout again, or first counts up to the threshold, or the fallback hides the failed trial from it.',
  fix: 'Let the breaker see the failure of its own call before the fallback handles it, and open at once and for the whole recovery timeout after a failed trial.',
  cases: (facts) =>
    plannedWithBreaker(facts, 'fallback half-open')
      ?.filter(({ breaker }) => breaker.trying.most === 1)
      .map(({ endpoint, breaker }) => ({
        check: checkOf(breaker, endpoint),
        promises: [numberOf(breaker, 'recoverySeconds')],
      })),
  without:
    'no first upstream of a fallback has a breaker with a single trial (breakers.NAME.trials) that counts quick failures',
  judge: (history, facts) =>
    fallbackOutages(history).flatMap((outage) => {
      const breaker = outage.halfOpen.length > 0 ? firstBreaker(facts, outage.phase.endpoint) : undefined;
      return breaker?.trying.most === 1 ? [judge(history, facts, outage, breaker)] : [];
    }),
};

const checkOf = ({ name }: Breaker, endpoint: string): string => `reopens behind the fallback: ${name}, ${endpoint}`;

function judge(history: History, facts: Facts, { phase, halfOpen }: FallbackOutage, breaker: Breaker): Finding {
  const { upstream, recoverySeconds } = breaker;
  const next = history.related('after', phase);
  const tried = history.receiptsIn(halfOpen, upstream);
  const [arrived] = history.receiptsIn(next, upstream);
  const failedAt = Math.max(...tried.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY));
  const judged = {
    check: checkOf(breaker, phase.endpoint),
    requests: tagsIn([...halfOpen, ...next]),
    expected: `the next call reaches ${upstream} ${recoverySeconds} s after a failed trial`,
  };
  if (!Number.isFinite(failedAt)) return { ...judged, observed: 'no trial failed', verdict: 'INCONCLUSIVE' };
  if (!arrived) return { ...judged, observed: `no call reached ${upstream} again`, verdict: 'INCONCLUSIVE' };
  const before = history.sentIn(next).filter(({ at }) => at < arrived.at - EARLY_MS).length;
  const ms = arrived.at - failedAt;
  const excess = [recoverySeconds * 1_000 - ms, EARLY_MS, noiseOfNote(noiseOf(history, facts), failedAt)] as const;
  const early = judgeExcess(...excess);
  return {
    ...judged,
    observed: `after ${(Math.max(0, ms) / 1_000).toFixed(2)} s; ${count(before, 'call')} before it`,
    verdict: early === 'PASS' && before === 0 ? 'INCONCLUSIVE' : early,
    evidence: whatIsLeft('measured: too early by', ...excess),
  };
}
