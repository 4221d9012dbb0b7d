import { chargeOf, leastOf } from '../../callers/charge-of.ts';
import type { Budget } from '../../contract/budgets.ts';
import type { ActionPhase } from '../../contract/phases.ts';
import type { MetricSample, RequestReceipt } from '../../history/events.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { amount, budgetNamed, type Charge, casesIn, phasesOf, receiptsOf, Spent, totalOf } from './spent.ts';

/** The phases after which the count is read, each with one kind of calls. */
const COUNTED = [
  'calls in budget',
  'refused in budget',
  'failing in budget',
  'repeated in budget',
  'left in budget',
  'crowd in budget',
  'budget used up',
] as const;
type Counted = (typeof COUNTED)[number];
/** The phases in which nothing may be charged. */
const FREE: readonly Counted[] = ['refused in budget', 'failing in budget', 'budget used up'];

const whatOf = (phase: ActionPhase<Counted>): string => {
  switch (phase.action) {
    case 'calls in budget':
      return `calls to ${phase.endpoint}`;
    case 'refused in budget':
      return `${phase.variant} requests to ${phase.endpoint}`;
    case 'failing in budget':
      return `failing calls to ${phase.endpoint}`;
    case 'repeated in budget':
      return `calls to ${phase.endpoint} whose first upstream fails`;
    case 'left in budget':
      return `streams of ${phase.endpoint} whose callers leave`;
    case 'crowd in budget':
      return 'a crowd';
    case 'budget used up':
      return 'refused calls';
  }
};

/**
 * Checks that the service's own count of a budget grows by what the receipts of upstreams say, to the token, when all
 * calls have ended: after calls to each endpoint, after rejected and failing ones, after retries and fallbacks, after
 * streams whose callers left (by what was sent, or within a factor of two if it is `estimated`), and after a crowd.
 */
export const budgetCounts: BuiltInChecker = {
  name: 'budget-counts',
  restsOn: ['endpoints-served'],
  usually: 'Some calls are not counted, or not by the usage that the upstream reports.',
  fix: 'Take the usage from the answer of the upstream, of streams from their last event, and add it in one atomic step when the call has ended, however it ended.',
  needs: 'budgets.NAME.count',
  cases: (facts) => {
    const all = COUNTED.map((action) =>
      casesIn(facts, action, (budget, phase) => (budget.count ? checkOf(budget, phase) : undefined), 'count'),
    );
    return all.some((cases) => cases === undefined) ? undefined : all.flatMap((cases) => cases ?? []);
  },
  without: 'no budget has a count (budgets.NAME.count)',
  judge: (history, facts) =>
    Object.keys(facts.contract.budgets).flatMap((name) => {
      const budget = budgetNamed(facts, name);
      if (!budget.count) return [];
      const phases = COUNTED.flatMap((action) => phasesOf(history, action, budget)) as PhaseEntry<
        ActionPhase<Counted>
      >[];
      return withPlainCauses(phases.map((phase) => ({ phase, finding: judge(history, facts, budget, phase) })));
    }),
};

interface Judged {
  readonly phase: ActionPhase<Counted>;
  readonly finding: Finding;
}

/** Returns findings that name the same cause if calls one after another are counted wrongly, too. */
function withPlainCauses(all: readonly Judged[]): Finding[] {
  const plain = all.filter(({ phase, finding }) => phase.action === 'calls in budget' && finding.verdict === 'FAIL');
  return all.map(({ phase, finding }) => {
    if (finding.verdict !== 'FAIL' || FREE.includes(phase.action)) return finding;
    const same = plain.find(
      (other) =>
        other.finding.usually === NOTHING ||
        !('endpoint' in phase && 'endpoint' in other.phase) ||
        phase.endpoint === other.phase.endpoint,
    );
    return same?.finding.usually === undefined ? finding : { ...finding, usually: same.finding.usually };
  });
}

const checkOf = ({ name }: Budget, phase: ActionPhase<Counted>): string => `counts ${whatOf(phase)}: ${name}`;

function judge(history: History, facts: Facts, budget: Budget, phase: PhaseEntry<ActionPhase<Counted>>): Finding {
  const judged = {
    check: checkOf(budget, phase),
    requests: tagsIn(phase),
    expected: 'the count grows by what upstreams have charged',
  };
  const [after] = history.metricIn('budget_count', phase, { about: 'after' });
  const before = after && lastBefore(history, budget, after);
  if (!after || !before) return { ...judged, observed: 'the count could not be read', verdict: 'INCONCLUSIVE' };
  const [from, to] = [before, after].map(({ tags }) => Number(tags.receipts)) as [number, number];
  const receipts = receiptsOf(history, budget).filter(({ seq }) => seq > from && seq <= to);
  const spent = new Spent(budget, receipts);
  const grown = after.value - before.value;
  const shown = {
    ...judged,
    expected: amount(budget, spent.total),
    observed: `${amount(budget, round(grown))}, from ${round(before.value)} to ${round(after.value)}`,
  };
  if (spent.unknown !== undefined) return { ...shown, observed: spent.unknown, verdict: 'INCONCLUSIVE', lasting: true };
  const isOpen = receipts.some(({ outcome }) => outcome === 'open');
  if (isOpen) return { ...shown, observed: `${shown.observed}; a call had not ended`, verdict: 'INCONCLUSIVE' };
  const isRight =
    phase.action === 'left in budget' && budget.cancelled === 'estimated'
      ? grown >= spent.total / 2 - leastOf(budget) && grown <= spent.total * 2 + leastOf(budget)
      : Math.abs(grown - spent.total) < leastOf(budget);
  if (!isRight && mayHaveBegunAnew(history, budget, after))
    return { ...shown, observed: `${shown.observed}; the budget may have begun anew`, verdict: 'INCONCLUSIVE' };
  if (!isRight && phase.action === 'left in budget' && receipts.some(isHasty))
    return { ...shown, observed: `${shown.observed}; ${HASTY}`, verdict: 'INCONCLUSIVE' };
  if (!isRight) return { ...shown, verdict: 'FAIL', usually: causeOf(phase, facts, { grown, spent }) };
  if (!FREE.includes(phase.action) && spent.total === 0)
    return { ...shown, observed: `${shown.observed}; no call was charged`, verdict: 'INCONCLUSIVE' };
  return { ...shown, verdict: 'PASS' };
}

/** The service has certainly read the beginning of a stream that lasted this long, in milliseconds. */
const READ_MS = 250;
const HASTY = 'a caller left before the service could read what was sent';
const isHasty = ({ at, endedAt }: RequestReceipt): boolean => endedAt !== null && endedAt - at < READ_MS;

const round = (value: number): number => Number(value.toPrecision(12));

/** Returns the readings of a budget's count, in order. */
function readingsOf(history: History, { name }: Budget): MetricSample[] {
  const phases = new Map(history.all('phase').map(({ id, data }) => [String(id), data]));
  const ofBudget = ({ tags: { phase = '' } }: MetricSample): boolean => {
    const data = phases.get(phase);
    const own = data && 'when' in data ? phases.get(String(data.of)) : data;
    return own !== undefined && 'budget' in own && own.budget === name;
  };
  return history.metric('budget_count').filter(ofBudget);
}

/** Returns the reading of a budget's count before another one. */
function lastBefore(history: History, budget: Budget, after: MetricSample): MetricSample | undefined {
  const readings = readingsOf(history, budget);
  return readings[readings.indexOf(after) - 1];
}

/** Whether the time of a budget may have ended since the script began to count, with the first call in it. */
function mayHaveBegunAnew(history: History, budget: Budget, after: MetricSample): boolean {
  const { seconds, window } = budget;
  const begun = readingsOf(history, budget).findLast(({ at, tags }) => at <= after.at && tags.about === 'before');
  if (seconds === undefined || begun === undefined) return false;
  if (after.value < begun.value) return true;
  const [from, to] = [begun, after].map(({ at }) => at / 1_000 / seconds) as [number, number];
  return window === 'clock' ? Math.floor(from) !== Math.floor(to) : to - from >= 1;
}

const NOTHING =
  'Nothing is added to the count that is read: what was used is kept elsewhere, such as only in the memory of the process.';
const OVERWRITTEN =
  'Calls that end at the same time overwrite each other: the count is read, raised and written in several steps.';

const LAST = 'The last call is missing in the count: it is added only when another call comes.';

/** How many charges can be added up in all ways. */
const MOST_SUMS = 6;

/** Returns the sums of all subsets of some charges. */
const sumsOf = (charges: readonly Charge[]): number[] =>
  charges.reduce<number[]>((sums, { amount: own }) => sums.flatMap((sum) => [sum, sum + own]), [0]);

/** Returns the cause if the count would be right with the same price for all tokens, or with that of another model. */
function otherPrice(
  budget: Budget,
  charges: readonly Charge[],
  isAbout: (value: number) => boolean,
): string | undefined {
  const { price } = budget;
  if (!price) return undefined;
  const { models, ...usual } = price;
  const priceOf = ({ receipt: { model = '' } }: Charge) => models[model] ?? usual;
  const allAt = (other: (charge: Charge) => typeof usual): number =>
    totalOf(charges, (charge) => chargeOf({ ...budget, price: { ...other(charge), models: {} } }, charge.receipt));
  const same = (kind: 'input' | 'output') =>
    allAt((charge) => ({ input: priceOf(charge)[kind], output: priceOf(charge)[kind] }));
  if (isAbout(same('input'))) return 'Output tokens are charged at the price of input tokens.';
  if (isAbout(same('output'))) return 'Input tokens are charged at the price of output tokens.';
  const names = [...new Set(charges.map(({ receipt }) => receipt.model))].join(' and ');
  const isOfAnother = [usual, ...Object.values(models)].some((other) => isAbout(allAt(() => other)));
  return isOfAnother ? `Tokens of ${names} are charged at the price of another model.` : undefined;
}

/** Explains a wrong count: by the kind of its calls, and by what would have been right without some of the usage. */
function causeOf(
  phase: ActionPhase<Counted>,
  { contract }: Facts,
  { grown, spent }: { readonly grown: number; readonly spent: Spent },
): string {
  const { budget, charges, total } = spent;
  const isAbout = (value: number) => Math.abs(grown - value) < leastOf(budget);
  const [input, output] = [0, 1].map((index) =>
    charges.reduce((sum, { receipt }) => sum + (receipt.usage?.[index] ?? 0), 0),
  ) as [number, number];
  if (phase.action === 'refused in budget') return 'Requests that the service rejects are charged.';
  if (phase.action === 'budget used up') return 'Calls that the budget refuses are charged.';
  if (phase.action === 'failing in budget')
    return 'Calls that fail are charged: what was reserved for them is not given back.';
  const isPart = charges.length <= MOST_SUMS && sumsOf(charges).some(isAbout);
  if (
    grown > 0 &&
    grown < total &&
    isPart &&
    phase.action !== 'calls in budget' &&
    phase.action !== 'repeated in budget'
  )
    return OVERWRITTEN;
  if (phase.action === 'left in budget')
    return grown < total
      ? 'Streams whose callers leave are not charged for what was sent: the usage comes in the last event, which never arrives.'
      : 'Streams whose callers leave are charged for more than was sent. If the service estimates that, say so: cancelled: estimated.';
  if (phase.action === 'crowd in budget' && grown < total) return OVERWRITTEN;
  if (isAbout(2 * total)) return 'Usage is added twice, such as by the call and by its stream, or by a retry.';
  if (budget.of === 'tokens' && isAbout(output)) return 'Only output tokens are charged.';
  if (budget.of === 'tokens' && isAbout(input)) return 'Only input tokens are charged.';
  const price = otherPrice(budget, charges, isAbout);
  if (price !== undefined) return price;
  const last = charges.at(-1)?.amount ?? 0;
  if (phase.action === 'calls in budget' && last < total && isAbout(total - last)) return LAST;
  const isStream = 'endpoint' in phase && contract.endpoints[phase.endpoint]?.stream !== undefined;
  if (isStream && grown < total)
    return 'Streams are not charged: their usage is in the last event, and only if the request asks for it, such as with `stream_options: { include_usage: true }`.';
  if (phase.action === 'calls in budget' && grown === 0) return NOTHING;
  if (phase.action === 'repeated in budget')
    return grown < total
      ? 'The usage of another attempt or of the fallback is not charged.'
      : 'Attempts that failed are charged as well.';
  return grown < total
    ? 'Some usage is not added to the count.'
    : 'More is added to the count than upstreams have charged.';
}
