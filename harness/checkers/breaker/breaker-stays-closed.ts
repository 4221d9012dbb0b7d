import type { Finding } from '../../verdict/finding.ts';
import { answerOf, breakerOf, type Checker, howManyReached } from '../lib/checker.ts';

/** The phases in which failures stay below the threshold: before any opening, after a success, and after recovery. */
const BELOW_PHASES = ['below', 'below again', 'below after recovery'] as const;

/**
 * Fewer consecutive failures than the threshold do not open the breaker, and a success resets the count: each
 * phase has threshold − 1 failures and then a success, and every call reaches the upstream.
 */
export const breakerStaysClosed: Checker = {
  name: 'breaker-stays-closed',
  restsOn: ['steady-state', 'upstream-called-once'],
  usually:
    'The threshold is lower than promised, a success does not reset the count, or one call sends several requests.',
  judge(history, facts) {
    const { upstream, endpoint, threshold } = breakerOf(facts);
    const served = facts.contract.endpoints[endpoint]?.served ?? [];
    return BELOW_PHASES.map((phase): Finding => {
      const calls = history.requests({ phase });
      const reached = history.receiptsIn(phase, upstream);
      const failed = reached.filter(({ faults = [] }) => faults.length > 0).length;
      const judged = {
        check: `stays closed ${phase}`,
        expected: `${threshold - 1} failures and a success: ${threshold} calls reach ${upstream}`,
        observed: `${howManyReached(reached.length, calls.length)}, ${failed} with a fault`,
      };
      if (calls.length !== threshold) return { ...judged, verdict: 'INCONCLUSIVE' };
      if (reached.length === threshold && failed !== threshold - 1) return { ...judged, verdict: 'INCONCLUSIVE' };
      const last = calls.at(-1)?.status ?? 0;
      const held = reached.length === threshold && served.includes(last);
      return {
        ...judged,
        verdict: held ? 'PASS' : 'FAIL',
        evidence: [`the last call got ${answerOf({ status: last })}`],
      };
    });
  },
};
