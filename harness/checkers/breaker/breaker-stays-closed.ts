import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { whenItOpens } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, breakerOf, type Facts, howManyReached, planned } from '../lib/checker.ts';
import { ifPrimed, primingOf, whyTooLong } from '../lib/primed.ts';
import { withOpeningHints } from './breaker-hints.ts';

/** A breaker that opens by rate must not count calls that have left its time window. */
const AFTER_A_WHILE = 'below after a while';

/** The actions before the outage. The script does the last one only if the time window of the breaker allows it. */
const BEFORE = ['below', 'below again', AFTER_A_WHILE] as const;

type Below = (typeof BEFORE)[number] | 'below after recovery';

const checkOf = (action: Below): string => `stays closed ${action}`;

/**
 * Checks that one failure fewer than needed doesn't open the breaker, and that a success resets the count or failures
 * expire from the window. In each phase, these failures are followed by a success, and every call must reach the
 * upstream.
 */
export const breakerStaysClosed: BuiltInChecker = {
  name: 'breaker-stays-closed',
  restsOn: ['steady-state', 'upstream-attempts'],
  usually:
    'The threshold or rate is lower than promised, old failures still count, or one call sends several requests.',
  fix: 'Compare the number in the evidence with the threshold in the settings of this profile. Reset the count after a success, and count each call once, not each attempt.',
  cases: (facts) =>
    planned(facts, ...BEFORE)?.map(({ action }) => ({
      check: checkOf(action),
      promises: [whenItOpens(breakerOf(facts))],
    })),
  judge(history, facts) {
    const actions =
      planned(facts, ...BEFORE)?.map(({ action }) => action) ??
      BEFORE.filter((action) => action !== AFTER_A_WHILE || history.phases(action).length > 0);
    const findings = actions.map((action) => judge(history, facts, action));
    return withOpeningHints(findings, history, facts);
  },
};

/**
 * Checks that a closed breaker counts from zero after recovery: one failure fewer than needed doesn't open it. A
 * breaker that opens by rate is not judged here, because `breaker-opens` judges both sides of its minimum after
 * recovery.
 */
export const breakerCountsAnew: BuiltInChecker = {
  name: 'breaker-counts-anew',
  restsOn: ['breaker-stays-closed', 'breaker-reopens', 'breaker-closes'],
  usually: 'Closing does not reset the count of failures, so that failures from before the outage still count.',
  fix: 'Set the count of failures to zero when the breaker closes.',
  cases(facts) {
    const breaker = breakerOf(facts);
    return isCounting(breaker) ? [{ check: checkOf('below after recovery'), promises: [whenItOpens(breaker)] }] : [];
  },
  without: 'the breaker opens by a rate (profiles.NAME.breakers.NAME.opens), of which another check judges the minimum',
  judge: (history, facts) => (isCounting(breakerOf(facts)) ? [judge(history, facts, 'below after recovery')] : []),
};

const isCounting = ({ opening }: Breaker): boolean => opening.alone === undefined;

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
  const last = calls.at(-1) ?? { status: 0 };
  const judged = {
    check: checkOf(action),
    requests: tagsIn(phases),
    expected: `${failures} failures and a success: ${expected} calls reach ${upstream}`,
    observed: `${howManyReached(reached.length, calls.length)}, ${failed} with a fault`,
    evidence: [`the last call got ${answerOf(last)}`],
  };
  if (calls.length !== expected) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (reached.length === expected && failed !== failures) return { ...judged, verdict: 'INCONCLUSIVE' };
  const held = reached.length === expected && served.includes(last.status);
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
