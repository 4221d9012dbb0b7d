import { entryOf } from '../../base/entry-of.ts';
import { count } from '../../base/in-words.ts';
import type { Budget } from '../../contract/budgets.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Facts, isServed } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { amount, type Charge, callsIn, isRefused, phasesOf, reserveOf, totalOf, type UsedUp } from './spent.ts';

/** How long a service may take until it has counted a call that has ended, in milliseconds. */
const COUNTED_MS = 5;

/** A way to count that would explain which calls were admitted: what it does not see, and the cause in a sentence. */
interface Blindness {
  readonly sees: (charge: Charge) => number;
  readonly cause: string;
}

/**
 * Explains why more was used than the budget allows. A service admits a call while less than the budget was used before.
 * So the first way to count with which all calls were rightly admitted is the likely cause.
 */
export function whyExceeded(history: History, facts: Facts, used: UsedUp): Pick<Finding, 'usually' | 'evidence'> {
  const { budget, spent } = used;
  if (reachesRefused(history, budget)) return { usually: REACHED };
  const isRefusing = used.calls.some((call) => isRefused(budget, call));
  const { max } = budget;
  // It refuses calls once it sees that the rest is less than what it reserves.
  const least = isRefusing ? max - Math.max(reserveOf(budget), spent.largest) : 0;
  const fits = ({ sees }: Blindness) => totalOf(spent.charges, sees) >= least && explains(spent.charges, sees, max);
  const [race, ...others] = waysToCount(history, facts, budget);
  const isRace = race !== undefined && fits(race);
  const cause = isRace ? RACE : isApart(history, facts, used) ? APART : others.find(fits)?.cause;
  const most = mostAtOnce(spent.charges);
  const evidence = [
    `${amount(budget, spent.total - budget.max)} beyond the budget; ${count(most, 'charged call was', 'charged calls were')} in progress at once`,
  ];
  return {
    usually: cause ?? (isRefusing ? LARGER : ADMITTED),
    evidence,
  };
}

/** Whether each request came before the requests that had ended used up the budget, as far as the service sees them. */
function explains(charges: readonly Charge[], sees: Blindness['sees'], max: number): boolean {
  return charges.every(({ receipt }) => {
    const ended = charges.filter(
      (other) => (other.receipt.endedAt ?? Number.POSITIVE_INFINITY) < receipt.at - COUNTED_MS,
    );
    return ended.reduce((sum, other) => sum + sees(other), 0) < max;
  });
}

function waysToCount(history: History, facts: Facts, budget: Budget): Blindness[] {
  const streams = endpointsWith(facts, budget, ({ stream }) => stream !== undefined);
  const isLeft = inPhases(history, budget, phasesOf(history, 'left in budget', budget));
  const isStream = ofCalls(history, streams, budget);
  const fallbacks = new Set(
    budget.endpoints.flatMap(
      (endpoint) => fallbackOf(entryOf(facts.contract.endpoints, endpoint)?.fallback)?.order.slice(1) ?? [],
    ),
  );
  const part =
    (index: 0 | 1) =>
    ({ receipt, amount: whole }: Charge) =>
      receipt.usage ? receipt.usage[index] : whole;
  const without = (isHidden: (receipt: RequestReceipt) => boolean) => (charge: Charge) =>
    isHidden(charge.receipt) ? 0 : charge.amount;
  const blind: Blindness[] = [
    { sees: without(isLeft), cause: LEFT },
    { sees: without(isStream), cause: STREAMS },
    { sees: without(({ upstream }) => fallbacks.has(upstream)), cause: FALLBACKS },
    ...(budget.of === 'tokens'
      ? [
          { sees: part(1), cause: ONLY_OUTPUT },
          { sees: part(0), cause: ONLY_INPUT },
        ]
      : []),
  ];
  return [
    { sees: ({ amount: whole }) => whole, cause: RACE },
    // If the service shows what it counts, a part that it does not count is another check's to find.
    ...(budget.count ? [] : blind),
    { sees: () => 0, cause: NOTHING },
  ];
}

const RACE =
  'Callers who come at once are all compared with the same rest: a call is added to what was used only when it has ended, and ' +
  'nothing is reserved for it before.';
const LEFT =
  'Streams whose callers leave are not charged: the usage comes in the last event, which never arrives. Count what was sent.';
const STREAMS =
  'Streams are not charged: their usage is in the last event, and only if the request asks for it, such as with ' +
  '`stream_options: { include_usage: true }`.';
const FALLBACKS = 'Calls that the fallback serves are not charged.';
const ONLY_OUTPUT = 'Only output tokens are charged.';
const ONLY_INPUT = 'Only input tokens are charged.';
const NOTHING = 'Nothing is charged to this budget: it is never compared with what was used.';

const LARGER =
  'Calls are refused too late, when more was used than promised: the service has a larger budget, does not count a part of the usage, or gives reservations back twice.';
const ADMITTED = 'Calls are admitted although what earlier calls have used exceeds the budget.';

const REACHED = 'Calls that the budget refuses reach an upstream: it is called before the budget is compared.';

/** Whether an upstream has served requests of calls that were all refused. */
function reachesRefused(history: History, budget: Budget): boolean {
  const phases = phasesOf(history, 'budget used up', budget);
  const calls = callsIn(history, phases);
  const reached = budget.upstreams.flatMap((upstream) => history.receiptsIn(phases, upstream));
  return calls.length > 0 && calls.every((call) => isRefused(budget, call)) && reached.length > 0;
}

const APART = 'Each process counts on its own: each of them admits as much as the whole budget.';

/** Processes that count on their own each keep within the budget, and together exceed it. */
function isApart(history: History, facts: Facts, { budget, spent }: UsedUp): boolean {
  const phases = ['crowd in budget', 'rest of budget'] as const;
  const served = phases
    .flatMap((action) => history.requestsIn(phasesOf(history, action, budget)))
    .filter((call) => call.tags.process !== undefined && isServed(facts, call));
  const processes = [...Map.groupBy(served, ({ tags }) => tags.process).values()];
  if (processes.length < 2) return false;
  const average = spent.total / Math.max(1, spent.charges.length);
  return processes.every((of) => of.length * average <= budget.max + 2 * spent.largest);
}

const endpointsWith = (
  { contract: { endpoints } }: Facts,
  budget: Budget,
  has: (endpoint: Facts['contract']['endpoints'][string]) => boolean,
): string[] => budget.endpoints.filter((name) => endpoints[name] !== undefined && has(endpoints[name]));

function inPhases(history: History, { upstreams }: Budget, phases: ReturnType<typeof phasesOf>) {
  const receipts = new Set(upstreams.flatMap((upstream) => history.receiptsIn(phases, upstream)).map(({ seq }) => seq));
  return ({ seq }: RequestReceipt): boolean => receipts.has(seq);
}

/** Returns whether a request belongs to a call of one of these endpoints: by its trace, its unique text or its time. */
function ofCalls(history: History, endpoints: readonly string[], { endpoints: all }: Budget) {
  const calls = history.sent({}).filter(({ tags }) => all.includes(tags.endpoint ?? ''));
  const isOne = (endpoint = '') => endpoints.includes(endpoint);
  const known = new Map(
    calls.flatMap(({ trace, answer, tags }) => [trace, answer?.unique].map((by) => [by, tags.endpoint])),
  );
  return (receipt: RequestReceipt): boolean => {
    const by = [receipt.trace, ...(receipt.unique ?? [])].find((text) => text !== undefined && known.has(text));
    if (by !== undefined) return isOne(known.get(by));
    const during = calls.filter((call) => call.at <= receipt.at && receipt.at <= answered(call));
    return during.length > 0 && during.every(({ tags }) => isOne(tags.endpoint));
  };
}

function mostAtOnce(charges: readonly Charge[]): number {
  const open = ({ receipt }: Charge, at: number) => receipt.at <= at && (receipt.endedAt ?? at) >= at;
  return charges.reduce(
    (most, { receipt }) => Math.max(most, charges.filter((other) => open(other, receipt.at)).length),
    0,
  );
}
