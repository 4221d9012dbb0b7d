import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answerOf, breakerOf, type Checker, type Facts, howManyReached } from '../lib/checker.ts';
import { ifPrimed, primingOf, whyTooLong } from '../lib/primed.ts';
import { withOpeningHints } from './breaker-hints.ts';

/** A breaker that opens by rate must not count calls that have left its time window. */
const AFTER_A_WHILE = 'below after a while';

type Below = 'below' | 'below again' | 'below after recovery' | typeof AFTER_A_WHILE;

/**
 * Checks that one failure fewer than needed doesn't open the breaker, and that a success resets the count or failures
 * expire from the window. In each phase, such a row of failures is followed by a success, and every call must reach the
 * upstream.
 */
export const breakerStaysClosed: Checker = {
  name: 'breaker-stays-closed',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The threshold or rate is lower than promised, old failures still count, or one call sends several requests.',
  judge(history, facts) {
    const isTimed = history.phases(AFTER_A_WHILE).length > 0;
    const actions: Below[] = ['below', 'below again', ...(isTimed ? ([AFTER_A_WHILE] as const) : [])];
    const findings = actions.map((action) => judge(history, facts, action));
    return withOpeningHints(findings, history, facts);
  },
};

/**
 * Checks that a closed breaker counts from zero after recovery: one failure fewer than needed doesn't open it. A
 * breaker that opens by rate is not judged here, because `breaker-opens` judges both sides of its minimum after
 * recovery.
 */
export const breakerCountsAnew: Checker = {
  name: 'breaker-counts-anew',
  restsOn: ['breaker-stays-closed', 'breaker-reopens', 'breaker-closes'],
  usually: 'Closing does not reset the count of failures, so that failures from before the outage still count.',
  judge: (history, facts) =>
    breakerOf(facts).opening.alone === undefined ? [judge(history, facts, 'below after recovery')] : [],
};

function judge(history: History, facts: Facts, action: Below): Finding {
  const breaker = breakerOf(facts);
  const served = facts.contract.endpoints[breaker.endpoint]?.served ?? [];
  const failures = breaker.opening.failures - (action === AFTER_A_WHILE ? 0 : 1);
  const { upstream, opening } = breaker;
  const expected = failures + 1;
  const phases = history.phases(action);
  const calls = history.requestsIn(phases);
  const reached = history.receiptsIn(phases, upstream);
  const failed = reached.filter(({ faults }) => faults.length > 0).length;
  const last = calls.at(-1)?.status ?? 0;
  const judged = {
    check: `stays closed ${action}`,
    requests: tagsIn(phases),
    expected: `${failures} failures and a success: ${expected} calls reach ${upstream}`,
    observed: `${howManyReached(reached.length, calls.length)}, ${failed} with a fault`,
    evidence: [`the last call got ${answerOf({ status: last })}`],
  };
  if (calls.length !== expected) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length === expected && failed !== failures) return { ...judged, verdict: 'INCONCLUSIVE' };
  const held = reached.length === expected && served.includes(last);
  const finding: Finding = { ...judged, verdict: held ? 'PASS' : 'FAIL' };
  if (action !== AFTER_A_WHILE) return ifPrimed(history, breaker, finding, { phase: phases });
  // Only the failures before the pause have to be in the same window.
  const before = reached.slice(0, opening.failures - 1);
  const why = whyTooLong(opening.windowSeconds, [
    ...primingOf(history, phases, { upstream, action: 'ready' }),
    ...before,
  ]);
  return why === undefined ? finding : { ...finding, verdict: 'INCONCLUSIVE', evidence: [why] };
}
