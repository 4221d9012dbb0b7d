import { promisedCallsOf } from '../../contract/attempts.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type Breaker, type BuiltInChecker, type Facts, howManyReached, planned } from '../lib/checker.ts';
import { ifPrimed } from '../lib/primed.ts';
import { firstBreaker } from './fallback-calls.ts';

/**
 * Checks that a retired model and an error of the caller don't open the breaker of a fallback's first upstream. The
 * script makes as many such calls as failures would open it, and one more, all of which must reach the upstream.
 */
export const fallbackSparesBreaker: BuiltInChecker = {
  name: 'fallback-spares-breaker',
  restsOn: ['steady-state', 'fallback-breakers-apart'],
  usually: 'The breaker counts every status from 400, or every exception of the client, as a failure of the upstream.',
  fix: 'Count only failures of the upstream: 5xx, 429 if the contract says so, timeouts and connections. A 4xx is the fault of the request.',
  cases: (facts) =>
    planned(facts, 'fallback spares')?.flatMap((phase) => {
      const breaker = firstBreaker(facts, phase.endpoint);
      return breaker ? [{ check: checkOf(breaker, phase), promises: [promiseOf(breaker, 'failures')] }] : [];
    }),
  without: 'no first upstream of a fallback has a breaker, or all of them count 400 and 404 (breakers.NAME.failures)',
  judge: (history, facts) => history.phases('fallback spares').flatMap((phase) => judge(history, facts, phase)),
};

const checkOf = ({ name }: Breaker, { fault, endpoint }: PlannedAction<'fallback spares'>): string =>
  `not counted by ${name}: ${fault}, ${endpoint}`;

function judge(history: History, facts: Facts, phase: PhaseEntry<ActionPhase<'fallback spares'>>): Finding[] {
  const breaker = firstBreaker(facts, phase.endpoint);
  if (!breaker) return [];
  const { upstream, opening } = breaker;
  const calls = history.sentIn(phase);
  const phasesAfter = history.related('after', phase);
  const [next] = history.sentIn(phasesAfter);
  const reached = history.receiptsIn(phase, upstream);
  const after = history.receiptsIn(phasesAfter, upstream).length;
  const isRepeated = promisedCallsOf(facts.contract, upstream).attempts > 1;
  const isOpen = after === 0 || (!isRepeated && reached.length < calls.length);
  const isEnough = calls.length === opening.failures && next !== undefined;
  const isFelt = reached.some(({ faults }) => faults.length > 0);
  const finding: Finding = {
    check: checkOf(breaker, phase),
    requests: tagsIn([phase, ...phasesAfter]),
    expected: `every call reaches ${upstream}, and so does the next one`,
    observed: `${howManyReached(reached.length, calls.length)}, then ${after} of ${next ? 1 : 0}`,
    verdict: !isEnough || !isFelt ? 'INCONCLUSIVE' : isOpen ? 'FAIL' : 'PASS',
  };
  return [ifPrimed(history, breaker, finding, { phase })];
}
