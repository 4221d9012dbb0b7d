import { breakerOf, type Checker, count, type Finding, isServed, tally } from './checker.ts';

/**
 * While a breaker is open nothing that needs its upstream is served, whichever endpoint asks, and however late in its work: an
 * answer that was made up without it would look like one. What the contract says is served without it may be.
 */
export const notServedWhileOpen: Checker = (history, facts) => {
  const { upstream } = breakerOf(facts);
  return Object.entries(facts.contract.endpoints).flatMap(([endpoint, { reaches, servedWithout }]): Finding[] => {
    const calls = history.requests({ phase: 'open', endpoint });
    if (!reaches.includes(upstream) || servedWithout.includes(upstream) || calls.length === 0) return [];
    const served = calls.filter((call) => isServed(facts, call)).length;
    const judged = {
      check: `not served while open: ${endpoint}`,
      expected: `no call is served without ${upstream}`,
      observed: `${served} of ${count(calls.length, 'call')}: ${tally(calls.map(({ status }) => status))}`,
    };
    if (served > 0) return [{ ...judged, verdict: 'FAIL' }];
    return [{ ...judged, verdict: calls.every(({ status }) => status !== 0) ? 'PASS' : 'INCONCLUSIVE' }];
  });
};
