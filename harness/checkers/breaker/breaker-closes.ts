import { breakerOf, type Checker, howManyReached, tally } from '../lib/checker.ts';

/**
 * Checks that a successful trial closes the breaker: in the phase "closed", all of many simultaneous calls are served.
 */
export const breakerCloses: Checker = {
  name: 'breaker-closes',
  restsOn: ['breaker-opens', 'breaker-reopens'],
  usually: 'A successful trial does not close the breaker, or dead connections from the outage are reused.',
  judge(history, facts) {
    const { upstream, endpoint } = breakerOf(facts);
    const served = facts.contract.endpoints[endpoint]?.served ?? [];
    const [calls, sent] = [history.requests({ phase: 'closed' }), history.sent({ phase: 'closed' })];
    const arrived = history.receiptsIn('closed', upstream).length;
    const held = arrived >= calls.length && calls.every(({ status }) => served.includes(status));
    const enough = calls.length > 0 && calls.length >= sent.length / 2 && arrived <= sent.length;
    return [
      {
        check: 'closes after a good trial',
        expected: `every call reaches ${upstream} and is served`,
        observed: `${howManyReached(arrived, calls.length)}: ${tally(calls.map(({ status }) => status))}`,
        verdict: calls.length > 0 && !held ? 'FAIL' : enough ? 'PASS' : 'INCONCLUSIVE',
      },
    ];
  },
};
