import { upstreamsOf } from '../../contract/budgets.ts';
import type { History } from '../../history/history.ts';
import type { Facts } from '../lib/checker.ts';

/** Names of settings of a budget, such as BUDGET_TOKENS and MAX_SPEND_USD. */
const SETTING = /budget|spend|(?:max|daily|monthly)_?(?:cost|usd)|(?:cost|token|usd)s?_(?:limit|cap)/i;

/**
 * Suggests the line of a contract that promises a budget, if a header of a response or a setting shows that there is one,
 * and the contract has none.
 *
 * @param settings The names of the settings in the contract.
 */
export function suggestedBudgets(history: History, { contract }: Facts, settings: readonly string[]): string[] {
  const { endpoints, budgets } = contract;
  if (Object.keys(budgets).length > 0) return [];
  if (Object.keys(endpoints).every((endpoint) => upstreamsOf(contract, endpoint).length === 0)) return [];
  const headers = history.metric('budget_header').map(({ tags }) => `the header ${tags.about} of ${tags.endpoint}`);
  const shows = [
    ...new Set([...headers, ...settings.filter((name) => SETTING.test(name)).map((name) => `the setting ${name}`)]),
  ];
  const [first] = shows;
  if (first === undefined) return [];
  const and = shows.length > 1 ? ` (and ${shows.length - 1} more)` : '';
  return [
    `${first}${and} shows that there is a budget. To have it judged, write what it limits and where its count is: ` +
      'budgets: { tokens: { of: tokens, max: 2000, per: day, for: each caller } }, see docs/how-to/budgets.md',
  ];
}
