import { breakerOf, type Checker, count } from './checker.ts';

/**
 * After the recovery timeout exactly one trial of many simultaneous calls goes through (R4). The script makes them in the
 * phase "half-open", while the upstream is slow, so that all of them come while the trial lasts.
 */
export const breakerAdmitsOneTrial: Checker = (history, facts) => {
  const { upstream } = breakerOf(facts);
  const calls = history.requests({ phase: 'half-open' });
  const reached = history.receiptsIn('half-open', upstream);
  const judged = {
    check: 'admits one trial',
    expected: `exactly 1 of many simultaneous calls reaches ${upstream}`,
    observed: `${reached.length} of ${count(calls.length, 'call')}`,
  };
  if (calls.length < 2) return [{ ...judged, verdict: 'INCONCLUSIVE' }];
  if (reached.length !== 1) return [{ ...judged, verdict: 'FAIL' }];
  const end = reached[0]?.endedAt ?? Number.POSITIVE_INFINITY;
  const during = calls.filter(({ at }) => at < end).length;
  const evidence = [`${during} of them were sent before the trial ended`];
  return [{ ...judged, verdict: during >= 2 ? 'PASS' : 'INCONCLUSIVE', evidence }];
};
