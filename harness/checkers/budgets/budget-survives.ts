import type { Budget } from '../../contract/budgets.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, tally } from '../lib/checker.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { whyNotUsedUp } from './refused-by.ts';
import { budgetNamed, callsIn, casesIn, isRefused, phasesOf, usedUp } from './spent.ts';

/** Checks that a budget which is used up stays so when the service is restarted. */
export const budgetSurvives: BuiltInChecker = {
  name: 'budget-survives',
  restsOn: ['budget-refuses'],
  usually: 'What was used is only in the memory of the process.',
  fix: 'Keep what was used in a database, and write it before the answer ends.',
  needs: 'budgets.NAME.survives',
  cases: (facts) => casesIn(facts, 'budget restarted', checkOf, 'survives'),
  without: 'no budget has to survive a restart (budgets.NAME.survives)',
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name): Finding[] => {
      const budget = budgetNamed(facts, name);
      const phases = phasesOf(history, 'budget restarted', budget);
      if (phases.length === 0) return [];
      const calls = callsIn(history, phases);
      const judged = {
        check: checkOf(budget),
        requests: tagsIn(phases),
        expected: String(budget.refusal),
        observed: tally(calls.map(answerOf)),
      };
      const before = callsIn(history, phasesOf(history, 'budget used up', budget));
      const isUsedUp = before.length > 0 && before.every((other) => isRefused(budget, other));
      const used = usedUp(history, budget);
      const isOver = lastAnswered(calls) > used.endsAt;
      const why = !isUsedUp ? 'it was not used up before' : isOver ? 'it had begun anew' : whyNotUsedUp(history, used);
      if (why !== undefined) return [{ ...judged, observed: `${judged.observed}; ${why}`, verdict: 'INCONCLUSIVE' }];
      if (calls.some((call) => isServed(facts, call))) return [{ ...judged, verdict: 'FAIL' }];
      const isRight = calls.length > 0 && calls.every((call) => isRefused(budget, call));
      return [{ ...judged, verdict: isRight ? 'PASS' : 'INCONCLUSIVE' }];
    }),
};

const checkOf = ({ name, survives }: Budget): string => `budget survives ${survives}: ${name}`;
