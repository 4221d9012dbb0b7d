import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answerOf, type Breaker, breakerOf, type Checker, howManyReached } from '../lib/checker.ts';
import { ifPrimed, whyTooLong } from '../lib/primed.ts';

/** A breaker that opens by rate must not count calls that have left its time window. */
const AFTER_A_WHILE = 'below after a while';

/**
 * Checks that one failure fewer than needed doesn't open the breaker, and that a success resets the count or failures
 * expire from the window. In each phase, such a row of failures is followed by a success, and every call must reach the
 * upstream.
 */
export const breakerStaysClosed: Checker = {
  name: 'breaker-stays-closed',
  restsOn: ['steady-state', 'upstream-called-once'],
  usually:
    'The threshold or rate is lower than promised, old failures still count, or one call sends several requests.',
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const served = facts.contract.endpoints[breaker.endpoint]?.served ?? [];
    return phasesOf(breaker, history).map((phase) => {
      const failures = breaker.opening.failures - (phase === AFTER_A_WHILE ? 0 : 1);
      return judge(history, breaker, { phase, failures, served });
    });
  },
};

/**
 * Returns the phases: before the breaker opens, after a success and, unless it opens by rate, after recovery. For a
 * rate, `breaker-opens` judges both sides of the minimum.
 */
function phasesOf({ opening }: Breaker, history: History): string[] {
  if (opening.alone === undefined) return ['below', 'below again', 'below after recovery'];
  return ['below', 'below again', ...(history.phase(AFTER_A_WHILE) ? [AFTER_A_WHILE] : [])];
}

function judge(
  history: History,
  breaker: Breaker,
  { phase, failures, served }: { phase: string; failures: number; served: readonly number[] },
): Finding {
  const { upstream, opening } = breaker;
  const expected = failures + 1;
  const calls = history.requests({ phase });
  const reached = history.receiptsIn(phase, upstream);
  const failed = reached.filter(({ faults = [] }) => faults.length > 0).length;
  const last = calls.at(-1)?.status ?? 0;
  const judged = {
    check: `stays closed ${phase}`,
    expected: `${failures} failures and a success: ${expected} calls reach ${upstream}`,
    observed: `${howManyReached(reached.length, calls.length)}, ${failed} with a fault`,
    evidence: [`the last call got ${answerOf({ status: last })}`],
  };
  if (calls.length !== expected) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length === expected && failed !== failures) return { ...judged, verdict: 'INCONCLUSIVE' };
  const held = reached.length === expected && served.includes(last);
  const finding: Finding = { ...judged, verdict: held ? 'PASS' : 'FAIL' };
  if (phase !== AFTER_A_WHILE) return ifPrimed(history, breaker, finding, { phase });
  // Only the failures before the pause have to be in the same window.
  const before = reached.slice(0, opening.failures - 1);
  const why = whyTooLong(opening.windowSeconds, [...history.receiptsIn(`ready for ${phase}`, upstream), ...before]);
  return why === undefined ? finding : { ...finding, verdict: 'INCONCLUSIVE', evidence: [why] };
}
