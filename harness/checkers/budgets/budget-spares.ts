import type { Budget } from '../../contract/budgets.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { whoElseRefuses } from './refused-by.ts';
import {
  amount,
  budgetNamed,
  callsIn,
  casesIn,
  isRefused,
  NO_BUDGETS,
  phasesOf,
  receiptsOf,
  reserveOf,
  Spent,
} from './spent.ts';

type Free = 'refused in budget' | 'failing in budget';
const FREE: readonly Free[] = ['refused in budget', 'failing in budget'];

/**
 * Checks that requests which the service rejects and calls that fail cost nothing: after many of them, a good call is
 * still served. A service may reserve something for a call, and must give it back when the call fails.
 *
 * The check needs so many of them that they would use up the rest of the budget if each cost as much as a call.
 */
export const budgetSpares: BuiltInChecker = {
  name: 'budget-spares',
  restsOn: ['endpoints-served'],
  usually: 'What was reserved for a call is not given back when it fails.',
  fix: 'Give a reservation back in a `finally` block, so that no error skips it, and reserve only after the request was validated.',
  cases: (facts) => {
    const all = FREE.map((action) => casesIn(facts, action, (budget, phase) => checkOf(budget, phase), 'max'));
    return all.some((cases) => cases === undefined) ? undefined : all.flatMap((cases) => cases ?? []);
  },
  without: NO_BUDGETS,
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name) => {
      const budget = budgetNamed(facts, name);
      return FREE.flatMap((action) => phasesOf(history, action, budget)).map((phase) =>
        judge(history, facts, budget, phase as PhaseEntry<ActionPhase<Free>>),
      );
    }),
};

const checkOf = ({ name }: Budget, phase: ActionPhase<Free>): string =>
  `${whatOf(phase)} cost nothing: ${name}, ${phase.endpoint}`;

const whatOf = (phase: ActionPhase<Free>): string =>
  phase.action === 'refused in budget' ? `${phase.variant} requests` : 'failing calls';

function judge(history: History, facts: Facts, budget: Budget, phase: PhaseEntry<ActionPhase<Free>>): Finding {
  const after = history.related('after', phase);
  const calls = callsIn(history, [phase]);
  const later = callsIn(history, after);
  // What callers before this one have used doesn't matter, unless all share the budget.
  const before = receiptsOf(history, budget).filter(({ at }) => at < (after[0]?.at ?? 0));
  const spent = new Spent(budget, before);
  const judged = {
    check: checkOf(budget, phase),
    requests: tagsIn([phase, ...after]),
    expected: 'the next call is served',
    observed: `${tally(calls.map(answerOf))}; then ${tally(later.map(answerOf))}, with ${amount(budget, spent.total)} charged`,
  };
  const refused = later.filter((call) => isRefused(budget, call));
  const { max } = budget;
  const inconclusive = (why: string): Finding => ({
    ...judged,
    observed: `${judged.observed}; ${why}`,
    verdict: 'INCONCLUSIVE',
  });
  if (refused.length > 0) {
    if (spent.total + reserveOf(budget) > max)
      return inconclusive('the budget may be used up: a larger `max` would show it');
    const other = whoElseRefuses(history, facts, budget, after);
    return other === undefined ? { ...judged, verdict: 'FAIL', usually: causeOf(phase) } : inconclusive(other);
  }
  if (later.length === 0 || !later.every((call) => isServed(facts, call))) return inconclusive('it was not served');
  const why = whyUnseen(facts, budget, { phase, calls, spent });
  return why === undefined ? { ...judged, verdict: 'PASS' } : inconclusive(why);

  /** Returns why so many requests would not have used up the budget, or undefined. */
  function whyUnseen(
    known: Facts,
    { of, count }: Budget,
    seen: { phase: PhaseEntry<ActionPhase<Free>>; calls: readonly RequestSample[]; spent: Spent },
  ): string | undefined {
    const free = seen.calls.filter((call) => !isServed(known, call));
    if (free.length === 0) return 'all of them were served';
    if (count !== undefined) return undefined;
    const usual = of === 'calls' ? 1 : seen.spent.largest;
    if (usual === 0) return 'nothing was charged before';
    return free.length * usual + seen.spent.total > max
      ? undefined
      : `${free.length} of them would not use up ${amount(budget, max)}: a smaller \`max\` or a \`count\` would show it`;
  }
}

const causeOf = (phase: ActionPhase<Free>): string =>
  phase.action === 'refused in budget'
    ? 'Requests that the service rejects are charged: the budget is used before the request is validated.'
    : 'What was reserved for a call is not given back when the call fails.';
