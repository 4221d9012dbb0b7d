import { chargeOf, isServed, leastOf } from '../../callers/charge-of.ts';
import { type Budget, budgetsOf } from '../../contract/budgets.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import { numberAt, type PromisePath } from '../../contract/promise-path.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import { type Case, type Facts, planned } from '../lib/checker.ts';
import { firstSent } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';

/** The phases in which one caller uses up a budget. The other phases have the calls of other callers. */
const USING = ['left in budget', 'crowd in budget', 'rest of budget', 'budget used up', 'budget restarted'] as const;

export type BudgetAction = Extract<ActionPhase, { budget: string }>['action'];

/** Why a contract may have no case of a check. */
export const NO_BUDGETS = 'the contract has no budgets';

/** Returns the budget with this name, with the numbers of the profile. */
export const budgetNamed = ({ contract, numbers }: Pick<Facts, 'contract' | 'numbers'>, name: string): Budget =>
  budgetsOf(contract, numbers).find((budget) => budget.name === name) as Budget;

/** Returns what a call may reserve before it begins. */
export const reserveOf = ({ max, reserves = max / 2 }: Budget): number => reserves;

/** Returns the places of a budget's fields, also those in the profile. */
export const fieldsOf = ({ contract, numbers }: Facts, name: string, ...fields: readonly string[]): PromisePath[] =>
  fields.flatMap((field): PromisePath[] => [
    ...(field === 'per' && contract.budgets[name]?.per === 'total' ? [] : [['budgets', name, field]]),
    ...(Object.hasOwn(numbers.budgets[name] ?? {}, field) ? [numberAt('budgets', name, field)] : []),
  ]);

/** Returns a case for each planned phase with an action. */
export const casesIn = <Name extends BudgetAction>(
  facts: Facts,
  action: Name,
  checkOf: (budget: Budget, phase: ActionPhase<Name>) => string | undefined,
  ...fields: readonly string[]
): Case[] | undefined =>
  planned(facts, action)?.flatMap((phase): Case[] => {
    const { budget } = phase as unknown as ActionPhase<BudgetAction>;
    const check = checkOf(budgetNamed(facts, budget), phase as unknown as ActionPhase<Name>);
    return check === undefined ? [] : [{ check, promises: fieldsOf(facts, budget, ...fields) }];
  });

/** A request that an upstream has charged. */
export interface Charge {
  readonly receipt: RequestReceipt;
  readonly amount: number;
}

/** What the upstreams of a budget have charged for some requests. */
export class Spent {
  readonly budget: Budget;
  readonly charges: readonly Charge[];

  constructor(budget: Budget, receipts: readonly RequestReceipt[]) {
    this.budget = budget;
    this.charges = receipts
      .filter(isServed)
      .map((receipt) => ({ receipt, amount: chargeOf(budget, receipt) }))
      .toSorted((a, b) => a.receipt.at - b.receipt.at);
  }

  get total(): number {
    return totalOf(this.charges);
  }

  /** The largest usage of a call. Several requests with the same unique text belong to one. */
  get largest(): number {
    const calls = Map.groupBy(this.charges, ({ receipt }) => receipt.unique?.join() ?? receipt.seq);
    return [...calls.values()].reduce((most, of) => Math.max(most, totalOf(of)), 0);
  }

  /** Why it is not known what was charged, or undefined. */
  get unknown(): string | undefined {
    const silent = this.charges.filter(({ receipt }) => this.budget.of !== 'calls' && receipt.usage === undefined);
    const [first] = silent;
    if (!first) return undefined;
    return (
      `${silent.length} of ${this.charges.length} receipts have no usage: the answers of ${first.receipt.upstream} name no ` +
      'tokens that the lab knows'
    );
  }
}

/** @param of What a charge counts for. Defaults to the whole of it. */
export const totalOf = (charges: readonly Charge[], of = ({ amount }: Charge): number => amount): number =>
  charges.reduce((sum, charge) => sum + of(charge), 0);

/** Returns the receipts of the upstreams of a budget, in order. */
export const receiptsOf = (history: History, { upstreams }: Budget): RequestReceipt[] =>
  upstreams.flatMap((upstream) => history.receipts('request', upstream)).toSorted((a, b) => a.seq - b.seq);

/** Returns the receipts of the upstreams of a budget in some phases. */
export const receiptsIn = (history: History, { upstreams }: Budget, phases: readonly PhaseEntry[]): RequestReceipt[] =>
  upstreams.flatMap((upstream) => history.receiptsIn(phases, upstream));

/** The calls of the caller who uses up a budget, and what was charged from its beginning on. */
export interface UsedUp {
  readonly budget: Budget;
  readonly phases: readonly PhaseEntry[];
  readonly calls: readonly RequestSample[];
  readonly spent: Spent;
  /** When its time ends at the earliest, in milliseconds since the epoch, or Infinity. */
  readonly endsAt: number;
}

/** Returns how a budget was used up. */
export function usedUp(history: History, budget: Budget): UsedUp {
  const phases = USING.flatMap((action) => phasesOf(history, action, budget)).toSorted((a, b) => a.id - b.id);
  const all = callsIn(history, phases);
  // Calls that fail at once reserve more than there is, so that some of them are refused although it is not used up.
  const calls = all.filter(({ tags }) => tags.about !== 'failing');
  const endsAt = endOf(budget, all);
  const isCommon = budget.for === 'all' && budget.seconds === undefined;
  const receipts = isCommon ? receiptsOf(history, budget) : receiptsIn(history, budget, phases);
  const inTime = receipts.filter(({ at }) => at < endsAt - CLOCKS_MS);
  return { budget, phases, calls, spent: new Spent(budget, inTime), endsAt };
}

/** Returns when a budget begins anew at the earliest after the first of some calls. */
export function endOf({ seconds, window }: Budget, calls: readonly RequestSample[]): number {
  if (seconds === undefined || calls.length === 0) return Number.POSITIVE_INFINITY;
  const windowMs = seconds * 1_000;
  const from = firstSent(calls);
  return window === 'clock' ? (Math.floor(from / windowMs) + 1) * windowMs : from + windowMs;
}

export const phasesOf = <Name extends BudgetAction>(history: History, action: Name, { name }: Budget): PhaseEntry[] =>
  history.phases<BudgetAction>(action, { budget: name } as never) as unknown as PhaseEntry[];

/** Returns the calls in some phases, without those that read the count. */
export const callsIn = (history: History, phases: readonly PhaseEntry[]): RequestSample[] =>
  history.requestsIn(phases).filter(({ tags }) => tags.about !== 'count');

/** Whether a call was refused because of the budget. */
export const isRefused = ({ refusal }: Budget, { status }: RequestSample): boolean => status === refusal;

/** Formats an amount in the unit of a budget. */
export function amount({ of, price }: Pick<Budget, 'of' | 'price'>, value: number): string {
  if (of !== 'money') return `${value} ${value === 1 ? of.slice(0, -1) : of}`;
  const digits = Math.max(2, Math.ceil(-Math.log10(leastOf({ of, price }))) + 1);
  return value.toFixed(Math.min(digits, 12)).replace(/(\.\d\d\d*?)0+$/, '$1');
}
