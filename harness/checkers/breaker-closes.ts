import { breakerOf, type Checker, count, tally } from './checker.ts';

/** A good trial closes the breaker (R4): in the phase "closed" every one of many simultaneous calls is served. */
export const breakerCloses: Checker = (history, facts) => {
  const { upstream, endpoint } = breakerOf(facts);
  const served = facts.contract.endpoints[endpoint]?.served ?? [];
  const calls = history.requests({ phase: 'closed' });
  const reached = history.receiptsIn('closed', upstream).length;
  const held = reached === calls.length && calls.every(({ status }) => served.includes(status));
  return [
    {
      check: 'closes after a good trial',
      expected: `every call reaches ${upstream} and is served`,
      observed: `${reached} of ${count(calls.length, 'call')}: ${tally(calls.map(({ status }) => status))}`,
      verdict: calls.length === 0 ? 'INCONCLUSIVE' : held ? 'PASS' : 'FAIL',
    },
  ];
};
