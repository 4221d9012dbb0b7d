import type { Budget } from '../../contract/budgets.ts';
import { answerOf } from '../../history/answer-of.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, tally } from '../lib/checker.ts';
import { answered, lastSent } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import { whoElseRefuses, whyNotUsedUp } from './refused-by.ts';
import { budgetNamed, callsIn, casesIn, isRefused, phasesOf, usedUp } from './spent.ts';

/**
 * Checks that a budget which is used up is refused until its time ends, and that a call is served shortly after that. A
 * day ends when the setting says that moves it.
 */
export const budgetEnds: BuiltInChecker = {
  name: 'budget-ends',
  restsOn: ['budget-refuses', 'budget-callers'],
  usually: 'The budget begins anew at other times, for example by the local time of the machine, or with each call.',
  fix: 'Keep what was used together with the beginning of its time, and compare both in one step.',
  needs: 'budgets.NAME.per',
  cases: (facts) => {
    const [before, anew] = [
      casesIn(facts, 'budget before its end', ({ name }) => checkBefore(name), 'per'),
      casesIn(facts, 'budget begun anew', ({ name }) => checkAnew(name), 'per'),
    ];
    return before && anew && [...before, ...anew];
  },
  without: 'no budget begins anew within a minute (budgets.NAME.per)',
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name) => {
      const budget = budgetNamed(facts, name);
      return [judgeBefore(history, facts, budget), judgeAnew(history, facts, budget)].flat();
    }),
};

const checkBefore = (name: string): string => `budget lasts until its end: ${name}`;
const checkAnew = (name: string): string => `budget begins anew: ${name}`;

function judgeBefore(history: History, facts: Facts, budget: Budget): Finding[] {
  const phases = phasesOf(history, 'budget before its end', budget);
  if (phases.length === 0) return [];
  const all = callsIn(history, phases);
  const ends = Number(all[0]?.tags.due ?? usedUp(history, budget).endsAt);
  const calls = all.filter((call) => answered(call) < ends - CLOCKS_MS);
  const judged = {
    check: checkBefore(budget.name),
    requests: tagsIn(phases),
    expected: `${budget.refusal} until its end`,
    observed: `${tally(calls.map(answerOf))}, ${secondsBefore(ends, lastSent(calls))}`,
  };
  const served = calls.filter((call) => isServed(facts, call));
  if (!isUsedUp(history, budget)) return [{ ...judged, observed: NOT_USED_UP, verdict: 'INCONCLUSIVE' }];
  if (served.length > 0) {
    const usually = 'The budget begins anew before its time is over.';
    return [{ ...judged, verdict: 'FAIL', usually }];
  }
  const isRight = calls.length > 0 && calls.every((call) => isRefused(budget, call));
  return [{ ...judged, verdict: isRight ? 'PASS' : 'INCONCLUSIVE' }];
}

function judgeAnew(history: History, facts: Facts, budget: Budget): Finding[] {
  const phases = phasesOf(history, 'budget begun anew', budget);
  if (phases.length === 0) return [];
  const calls = callsIn(history, phases);
  const judged = {
    check: checkAnew(budget.name),
    requests: tagsIn(phases),
    expected: 'a call is served after its end',
    observed: tally(calls.map(answerOf)),
  };
  if (!isUsedUp(history, budget)) return [{ ...judged, observed: NOT_USED_UP, verdict: 'INCONCLUSIVE' }];
  if (calls.some((call) => isRefused(budget, call))) {
    const other = whoElseRefuses(history, facts, budget, phases);
    if (other !== undefined) return [{ ...judged, observed: `${judged.observed}; ${other}`, verdict: 'INCONCLUSIVE' }];
    const usually = 'The budget does not begin anew when its time is over.';
    return [{ ...judged, verdict: 'FAIL', usually }];
  }
  const isRight = calls.length > 0 && calls.every((call) => isServed(facts, call));
  return [{ ...judged, verdict: isRight ? 'PASS' : 'INCONCLUSIVE' }];
}

const NOT_USED_UP = 'it was not used up before its end';

/** Whether the last call before its end was refused. */
function isUsedUp(history: History, budget: Budget): boolean {
  const calls = (['rest of budget', 'budget used up'] as const).flatMap((action) =>
    callsIn(history, phasesOf(history, action, budget)),
  );
  const last = calls.toSorted((a, b) => a.at - b.at).at(-1);
  const used = usedUp(history, budget);
  const isRightly = whyNotUsedUp(history, used) === undefined;
  return last !== undefined && isRefused(budget, last) && answered(last) < used.endsAt && isRightly;
}

const secondsBefore = (ends: number, last: number): string =>
  Number.isFinite(last) && Number.isFinite(ends)
    ? `the last ${((ends - last) / 1_000).toFixed(2)} s before`
    : 'none in time';
