import { expect, test } from 'vitest';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';

function budgetOf(totalMs: number) {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, budget: new RequestBudget(totalMs, clock) };
}

test('returns the full timeout while enough time is left', () => {
  const { clock, budget } = budgetOf(15_000);
  expect(budget.deadlineMs(10_000)).toBe(10_000);
  clock.time += 5000;
  expect(budget.deadlineMs(10_000)).toBe(10_000);
});

test('returns the remaining time, down to half of the timeout', () => {
  const { clock, budget } = budgetOf(15_000);
  clock.time += 9000;
  expect(budget.deadlineMs(10_000)).toBe(6000);
  clock.time += 1000;
  expect(budget.deadlineMs(10_000)).toBe(5000);
});

test('throws below half of the timeout, because the upstream is not to blame', () => {
  const { clock, budget } = budgetOf(15_000);
  clock.time += 10_001;
  expect(() => budget.deadlineMs(10_000)).toThrow(expect.objectContaining({ code: 'budget_exhausted', status: 504 }));
});
