import type { ActionName } from '../../contract/phases.ts';
import { calling, firstReached, isServed, onAnswers, replay } from '../../wire/answers.ts';
import { type Exchange, madeUp, withBody } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, belongs, isDoing } from '../../wire/wire-phase.ts';
import { type BudgetAction, budgetNamed } from './spent.ts';

const NEEDS = 'budgets.NAME';

/** The phases that end with a budget that is used up, or that look at one. */
const WITH_BUDGET: readonly BudgetAction[] = [
  'calls in budget',
  'refused in budget',
  'failing in budget',
  'repeated in budget',
  'left in budget',
  'crowd in budget',
  'rest of budget',
  'budget used up',
  'budget of another',
  'budget restarted',
  'budget before its end',
  'budget begun anew',
];

/** Returns the budget that the script uses in a phase, or undefined. */
function budgetIn({ phase }: Pick<Exchange, 'phase'>, { contract, numbers }: Wire) {
  const doing = actionIn(phase, ...WITH_BUDGET) ?? actionIn(phase?.of, ...WITH_BUDGET);
  return doing && budgetNamed({ contract, numbers }, doing.budget);
}

/** Whether the service refuses a call because of its budget. */
const isRefused = (exchange: Exchange, wire: Wire): boolean => budgetIn(exchange, wire)?.refusal === exchange.status;

/** Without a body, a refusal can't be told from one of the service. */
const refuse = (exchange: Exchange, wire: Wire) => withBody(madeUp(budgetIn(exchange, wire)?.refusal ?? 429), '');

/** Defines a mutant that serves calls that are refused in a phase, with an earlier answer. */
const servedIn = (action: ActionName, checker: string, when: string): WireMutant =>
  onAnswers({
    name: `call-served-${when.replaceAll(' ', '-')}`,
    does: `a call that the budget refuses ${when} gets an earlier successful answer`,
    turnsRed: [checker],
    needs: NEEDS,
    when: (exchange, wire) => isDoing(exchange.phase, action) && isRefused(exchange, wire),
    change: replay,
  });

/** Defects of budgets. */
export const BUDGET_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'refused-call-uses-tokens',
    does: 'an upstream serves a request for each call that the budget refuses in a crowd',
    turnsRed: ['budget-holds'],
    disturbs: ['budget-counts'],
    needs: NEEDS,
    idle: 'no upstream of the budget is the fake of an LLM',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, 'crowd in budget') && isRefused(exchange, wire),
    change: completing,
  }),
  onAnswers({
    name: 'upstream-called-beyond-the-budget',
    does: 'an upstream gets a request for a call that the budget refuses',
    turnsRed: ['budget-refuses'],
    needs: NEEDS,
    when: (exchange, wire) => isDoing(exchange.phase, 'budget used up') && isRefused(exchange, wire),
    change: (exchange, wire) => calling(exchange, wire, firstReached(exchange, wire)),
  }),
  onAnswers({
    name: 'budget-used-up-by-free-requests',
    does: 'a call is refused after requests that cost nothing',
    turnsRed: ['budget-spares'],
    needs: NEEDS,
    once: 'phase',
    when: (exchange, wire) =>
      belongs(exchange.phase, 'after', 'refused in budget', 'failing in budget') &&
      isServed(exchange, wire) &&
      budgetIn(exchange, wire)?.endpoints.includes(exchange.endpoint ?? '') === true,
    change: refuse,
  }),
  onAnswers({
    name: 'count-too-low-by-one',
    does: 'the count of a budget is one too low after a crowd',
    turnsRed: ['budget-counts'],
    needs: 'budgets.NAME.count',
    idle: 'the count is read from the database',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, 'crowd in budget') && countOf(exchange, wire) !== undefined,
    change: async (exchange, wire) => {
      const own = await exchange.whole();
      const read = countOf(exchange, wire);
      const name = read && 'metric' in read ? read.metric : `"${read?.field.split('.').at(-1)}"`;
      const number = new RegExp(`(${RegExp.escape(name)}[\\s:"]*)(\\d+(?:\\.\\d+)?)`);
      const body = own.body.toString();
      return number.test(body)
        ? withBody(
            own,
            body.replace(number, (_, before: string, value: string) => `${before}${Number(value) - 1}`),
          )
        : undefined;
    },
  }),
  onAnswers({
    name: 'budget-of-another-caller',
    does: 'another caller is refused although each has its own budget, or served although all share it',
    turnsRed: ['budget-callers'],
    needs: NEEDS,
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'budget of another') && (isServed(exchange, wire) || isRefused(exchange, wire)),
    change: (exchange, wire) => (isRefused(exchange, wire) ? replay(exchange, wire) : refuse(exchange, wire)),
  }),
  servedIn('budget restarted', 'budget-survives', 'after a restart'),
  servedIn('budget before its end', 'budget-ends', 'before its end'),
  onAnswers({
    name: 'call-refused-after-its-end',
    does: 'a call is refused although the budget has begun anew',
    turnsRed: ['budget-ends'],
    needs: 'budgets.NAME.per',
    when: (exchange, wire) => isDoing(exchange.phase, 'budget begun anew') && isServed(exchange, wire),
    change: refuse,
  }),
];

/** Returns how the count of a budget is read, if this is the endpoint that has it. */
function countOf(exchange: Exchange, wire: Wire) {
  const count = budgetIn(exchange, wire)?.count;
  return count && 'endpoint' in count && count.endpoint === exchange.endpoint ? count : undefined;
}

/** Lets an upstream answer a question past the service. Returns the answer unchanged, or undefined if it could not. */
async function completing(exchange: Exchange, wire: Wire) {
  const [name = ''] = firstReached(exchange, wire);
  return (await wire.callUpstream(name, { question: 'What is a proof load?' })) ? exchange.whole() : undefined;
}
