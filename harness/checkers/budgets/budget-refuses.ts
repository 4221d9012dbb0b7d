import { count } from '../../base/in-words.ts';
import type { Budget } from '../../contract/budgets.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, tally } from '../lib/checker.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { whyNotUsedUp } from './refused-by.ts';
import { budgetNamed, callsIn, casesIn, isRefused, NO_BUDGETS, phasesOf, usedUp } from './spent.ts';

/**
 * Checks that a call which a budget does not allow gets the promised status, and reaches no upstream. The script makes
 * calls until the budget is used up, and then some more to each endpoint.
 */
export const budgetRefuses: BuiltInChecker = {
  name: 'budget-refuses',
  restsOn: ['budget-holds'],
  usually:
    'The budget is compared only after the upstream was called, or its refusal becomes another error on the way.',
  fix: 'Compare the budget before anything is sent to an upstream, and map its error to the promised status.',
  cases: (facts) => casesIn(facts, 'budget used up', ({ name }) => checkOf(name), 'refusal'),
  without: NO_BUDGETS,
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name) => {
      const budget = budgetNamed(facts, name);
      const phases = phasesOf(history, 'budget used up', budget);
      return phases.length === 0 ? [] : [judge(history, budget, phases, (call) => isServed(facts, call))];
    }),
};

const checkOf = (name: string): string => `refuses what exceeds the budget: ${name}`;

type Calls = ReturnType<typeof callsIn>;

function judge(
  history: History,
  budget: Budget,
  phases: ReturnType<typeof phasesOf>,
  isServedCall: (call: Calls[number]) => boolean,
): Finding {
  const calls = callsIn(history, phases);
  const reached = budget.upstreams.flatMap((upstream) => history.receiptsIn(phases, upstream));
  const judged = {
    check: checkOf(budget.name),
    requests: tagsIn(phases),
    expected: `${budget.refusal}, and no request to an upstream`,
    observed: `${tally(calls.map(answerOf))}; ${count(reached.length, 'request')} to upstreams`,
  };
  const others = calls.filter((call) => !isRefused(budget, call));
  const served = others.filter(isServedCall);
  const used = usedUp(history, budget);
  const isOver = lastAnswered(calls) > used.endsAt;
  const left = isOver ? undefined : whyNotUsedUp(history, used);
  if (calls.length === 0 || served.length > 0 || isOver || left !== undefined) {
    const why = isOver ? 'the budget had begun anew' : `it was not used up${left === undefined ? '' : `: ${left}`}`;
    return { ...judged, observed: `${judged.observed}; ${why}`, verdict: 'INCONCLUSIVE' };
  }
  if (others.length > 0) {
    const usually = `Calls beyond the budget get another status than ${budget.refusal}. If that is meant, say so: budgets.${budget.name}.refusal.`;
    return { ...judged, verdict: 'FAIL', usually };
  }
  const usually = 'The upstream is called before the budget is compared.';
  return reached.length > 0 ? { ...judged, verdict: 'FAIL', usually } : { ...judged, verdict: 'PASS' };
}
