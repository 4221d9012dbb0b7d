import { expect, test } from 'vitest';
import { suggestedBudgets } from '../../../../harness/checkers/budgets/suggested.ts';
import { History } from '../../../../harness/history/history.ts';
import { factsOf, metric } from '../../../../harness/testing/hand-written.ts';
import contract from '../../../defects/budgets/total.ts';

const { budgets: _, ...without } = contract;
const header = new History([metric('budget_header', 1, 1, { endpoint: 'ask', about: 'x-key-spend' })]);

test.each([
  ['a header', header, [], 'the header x-key-spend of ask shows'],
  ['a setting', new History(), ['PORT', 'BUDGET_TOKENS'], 'the setting BUDGET_TOKENS shows'],
  ['both', header, ['MAX_COST'], 'the header x-key-spend of ask (and 1 more) shows'],
])('%s suggests a budget, unless the contract has one', (__, history, settings, says) => {
  expect(suggestedBudgets(history, factsOf(without), settings)).toEqual([expect.stringContaining(says)]);
  expect(suggestedBudgets(history, factsOf(contract), settings)).toEqual([]);
});

test('other settings suggest none', () => {
  expect(suggestedBudgets(new History(), factsOf(without), ['PORT', 'API_TOKEN', 'PATIENCE_MS'])).toEqual([]);
});
