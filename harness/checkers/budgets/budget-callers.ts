import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, tally } from '../lib/checker.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { whoElseRefuses, whyNotUsedUp } from './refused-by.ts';
import {
  budgetNamed,
  callsIn,
  casesIn,
  isRefused,
  NO_BUDGETS,
  phasesOf,
  receiptsOf,
  Spent,
  type UsedUp,
  usedUp,
} from './spent.ts';

/**
 * Checks whose budget it is. While one caller has used it up, another one is served if each has its own, and refused if
 * all share it.
 */
export const budgetCallers: BuiltInChecker = {
  name: 'budget-callers',
  restsOn: ['budget-refuses'],
  usually: 'The budget is kept by something else than the caller, such as the process, the connection or the model.',
  fix: 'Keep what was used under the name of the caller that was authenticated, or in one place for all of them.',
  cases: (facts) => casesIn(facts, 'budget of another', (budget) => checkOf(budget.for === 'all', budget.name), 'for'),
  without: NO_BUDGETS,
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name): Finding[] => {
      const budget = budgetNamed(facts, name);
      const phases = phasesOf(history, 'budget of another', budget);
      const [call] = callsIn(history, phases);
      if (phases.length === 0) return [];
      const isApart = budget.for === 'each caller';
      const judged = {
        check: checkOf(!isApart, name),
        requests: tagsIn(phases),
        expected: isApart ? 'another caller is served' : `another caller gets ${budget.refusal}, too`,
        observed: tally(call ? [answerOf(call)] : []),
      };
      const before = callsIn(history, phasesOf(history, 'budget used up', budget));
      const used = usedUp(history, budget);
      const isUsedUp = before.length > 0 && before.every((earlier) => isRefused(budget, earlier));
      const isOver = call !== undefined && lastAnswered([call]) > used.endsAt;
      const isRefusal = call !== undefined && isRefused(budget, call);
      const isKnown = isRefusal || (call !== undefined && isServed(facts, call));
      // If it is shared although it must not be, other callers have used a part of it.
      const byAll = isApart && isRefusal ? { ...used, spent: spentByAll(history, used) } : used;
      const other =
        whyNotUsedUp(history, byAll) ?? (isRefusal ? whoElseRefuses(history, facts, budget, phases, byAll) : undefined);
      if (!isKnown || !isUsedUp || isOver || other !== undefined) {
        const why = !isUsedUp
          ? 'the first caller was not refused'
          : isOver
            ? 'the budget had begun anew'
            : (other ?? 'it was neither');
        return [{ ...judged, observed: `${judged.observed}; ${why}`, verdict: 'INCONCLUSIVE' }];
      }
      if (isServed(facts, call) === isApart) return [{ ...judged, verdict: 'PASS' }];
      return [{ ...judged, verdict: 'FAIL', usually: isApart ? SHARED : APART }];
    }),
};

/** Returns what all callers have used, until a budget was used up, within the time that it lasts. */
function spentByAll(history: History, { budget, phases }: UsedUp): Spent {
  const { seconds = Number.POSITIVE_INFINITY } = budget;
  const [from, until] = [phases[0]?.at ?? 0, phases.at(-1)?.until ?? 0];
  const receipts = receiptsOf(history, budget).filter(({ at }) => at >= from - seconds * 1_000 && at < until);
  return new Spent(budget, receipts);
}

const SHARED =
  'All callers use up the same budget: what was used is not kept under the name of the caller, or under another one.';
const APART = 'Each caller has a separate budget, although all of them share one.';

const checkOf = (isShared: boolean, name: string): string =>
  isShared ? `all callers share the budget: ${name}` : `each caller has the budget: ${name}`;
