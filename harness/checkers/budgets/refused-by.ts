import { leastOf } from '../../callers/charge-of.ts';
import { type Budget, budgetsOf } from '../../contract/budgets.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import {
  amount,
  callsIn,
  isRefused,
  phasesOf,
  receiptsIn,
  receiptsOf,
  reserveOf,
  Spent,
  type UsedUp,
  usedUp,
} from './spent.ts';

/** The script's metric with a number for the body of each refusal. Bodies that differ only in numbers have the same. */
const REFUSAL = 'budget_refusal';

/**
 * Returns why calls in some phases with the status of a budget's refusal may have been refused by something else, or
 * undefined.
 *
 * @param used What was used of the budget at last. Defaults to what its caller has used.
 */
export function whoElseRefuses(
  history: History,
  facts: Facts,
  budget: Budget,
  phases: readonly PhaseEntry[],
  used = usedUp(history, budget),
): string | undefined {
  const other = hiding(history, facts, budget, phases);
  if (other !== undefined) return `the budget ${other}, which may be used up, refuses with ${budget.refusal} as well`;
  const left = refusesAlone(facts, budget) ? undefined : whyRefusedTooEarly(history, used);
  if (left !== undefined) return `perhaps it is not the budget that refuses: at last, ${left}. ${TELL_APART}`;
  const [own, usual] = [phases, phasesOf(history, 'budget used up', budget)].map(
    (of) => new Set(of.flatMap((phase) => history.metricIn(REFUSAL, phase).map(({ value }) => value))),
  ) as [Set<number>, Set<number>];
  if (own.size === 0 || usual.size === 0 || !own.isDisjointFrom(usual)) return undefined;
  return `the refusal is not that of the budget when it is used up, but perhaps that of a rate limit: ${APART}`;
}

const APART = 'switch it off (conditions.no-rate-limits), or tell them apart (endpoints.NAME.refused)';

/** Returns another budget with the same refusal that may be used up at the end of some phases, if there is one. */
function hiding(
  history: History,
  { contract, numbers }: Facts,
  budget: Budget,
  phases: readonly PhaseEntry[],
): string | undefined {
  const end = phases.reduce((latest, { until }) => Math.max(latest, until), 0);
  const begun = history.all('phase').find(({ data }) => 'budget' in data && data.budget === budget.name)?.at ?? 0;
  const others = budgetsOf(contract, numbers).filter(
    ({ name, refusal, endpoints }) =>
      name !== budget.name && refusal === budget.refusal && endpoints.some((of) => budget.endpoints.includes(of)),
  );
  return others.find((other) => {
    const { seconds = Number.POSITIVE_INFINITY, max, of, reserves = of === 'calls' ? 1 : reserveOf(other) } = other;
    // Each budget has other callers.
    const from = Math.max(end - seconds * 1_000, other.for === 'all' ? 0 : begun);
    const receipts = receiptsOf(history, other).filter(({ at }) => at >= from && at < end);
    return new Spent(other, receipts).total + reserves > max;
  })?.name;
}

/** Returns why a budget whose calls are refused can't be used up, or undefined: a call must be served with what is left. */
export function whyNotUsedUp(history: History, { budget, spent }: UsedUp): string | undefined {
  const { max, cancelled } = budget;
  // An estimate may be twice what was sent.
  const estimated = cancelled === 'estimated' ? phasesOf(history, 'left in budget', budget) : [];
  const left = max - spent.total - new Spent(budget, receiptsIn(history, budget, estimated)).total;
  return left < reserveOf(budget) + leastOf(budget)
    ? undefined
    : `${amount(budget, left)} of ${amount(budget, max)} are left, which is enough for a call`;
}

/** Returns why calls one after another can't be refused because a budget is used up, although they were, or undefined. */
export function whyRefusedTooEarly(history: History, used: UsedUp): string | undefined {
  const { budget, spent, endsAt } = used;
  const phases = (['rest of budget', 'budget used up'] as const).flatMap((name) => phasesOf(history, name, budget));
  const inTime = callsIn(history, phases).filter((call) => answered(call) < endsAt - CLOCKS_MS);
  const isRefusing = inTime.some((call) => isRefused(budget, call));
  return isRefusing && spent.charges.length > 0 ? whyNotUsedUp(history, used) : undefined;
}

/** Whether nothing else than the budget can refuse its calls. Limits that a contract promises are switched off. */
export const refusesAlone = ({ contract, numbers }: Facts, { name, refusal }: Budget): boolean =>
  budgetsOf(contract, numbers).every((other) => other.name === name || other.refusal !== refusal) &&
  (refusal !== 429 || Object.keys(numbers.limits).length > 0);

/** What to do if something else may refuse. */
export const TELL_APART = `If it is a rate limit, ${APART}`;
