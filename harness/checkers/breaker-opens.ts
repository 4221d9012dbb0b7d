import { breakerOf, type Checker, count, tally } from './checker.ts';

/**
 * The breaker opens after exactly `threshold` failures in a row, and while it is open the upstream is not called (R4).
 * In the phase "opening" the script makes `threshold` calls, each of which fails; in the phase "open" it goes on calling
 * until shortly before the recovery timeout.
 */
export const breakerOpens: Checker = (history, facts) => {
  const { upstream, threshold, refusal } = breakerOf(facts);
  const opening = history.requests({ phase: 'opening' });
  const reached = history.receiptsIn('opening', upstream).length;
  const refused = history.requests({ phase: 'open', about: 'breaker' });
  const leaked = history.receiptsIn('open', upstream).length;
  const enough = opening.length === threshold && refused.length >= 10;
  return [
    {
      check: 'opens at the threshold',
      expected: `exactly ${count(threshold, 'failure')} in a row reach ${upstream}`,
      observed: `${reached} of ${count(opening.length, 'call')} reached it, then ${leaked}`,
      verdict: reached < opening.length || (enough && leaked > 0) ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
    },
    {
      check: 'refuses while open',
      expected: `every call ${refusal}, none reaches ${upstream}`,
      observed: `${tally(refused.map(({ status }) => status))}; ${leaked} reached it`,
      verdict:
        leaked > 0 || refused.some(({ status }) => status !== refusal && status !== 0)
          ? 'FAIL'
          : enough && refused.every(({ status }) => status === refusal)
            ? 'PASS'
            : 'INCONCLUSIVE',
    },
  ];
};
