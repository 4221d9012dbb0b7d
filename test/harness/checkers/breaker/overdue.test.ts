import { expect, test } from 'vitest';
import { isOverdue } from '../../../../harness/checkers/breaker/overdue.ts';
import { requests, T0 } from '../../../support/history.ts';

/** Calls that are refused one after another, every 50 ms, the first one `from` milliseconds after a trial was due. */
const inARow = (n: number, from = 0) => requests(n, from, 50, 503, {});

test('ten refusals after a trial was due, one after another, are the fault of the breaker', () => {
  expect(isOverdue(inARow(10), T0)).toBe(true);
  expect(isOverdue(inARow(9), T0)).toBe(false);
});

test('the order in which calls are recorded does not matter', () => {
  expect(isOverdue(inARow(10).toReversed(), T0)).toBe(true);
});

test('calls before that time, and calls at the same time, say nothing about its timer', () => {
  expect(isOverdue(inARow(18, -450), T0)).toBe(false);
  expect(isOverdue(inARow(19, -450), T0)).toBe(true);
  expect(isOverdue(Array(20).fill(inARow(1)[0]), T0)).toBe(false);
});
