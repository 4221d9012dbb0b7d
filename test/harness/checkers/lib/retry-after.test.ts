import { expect, test } from 'vitest';
import { judgeRetryAfter, saidIn } from '../../../../harness/checkers/lib/retry-after.ts';
import { History } from '../../../../harness/history/history.ts';
import { metric } from '../../../support/history.ts';

/** Judges values that refusals say every 100 ms. The right one is the rest of 2.5 s, rounded up. -1 is a missing header. */
const judged = (...values: number[]) =>
  judgeRetryAfter(
    { check: 'x', expected: 'the rest' },
    saidIn(new History(values.map((value, index) => metric('retry_after_seconds', index * 100, value, {}))), {}),
    ({ at, value }) => (value === rest(at) ? 'PASS' : 'FAIL'),
  );

let first = 0;
const rest = (at: number): number => {
  first = first === 0 || at < first ? at : first;
  return Math.ceil((2_500 - (at - first)) / 1_000);
};

/** The cause of values of 3 s if 1 s would be right. */
const judgeSmall = () =>
  judgeRetryAfter(
    { check: 'x', expected: '1 s' },
    saidIn(new History([0, 1].map((at) => metric('retry_after_seconds', at, 3, {}))), {}),
    ({ value }) => (value === 1 ? 'PASS' : 'FAIL'),
  ).usually;

test.each<[RegExp, number[]]>([
  [/^The refusals have no Retry-After/, [-1, -1]],
  [/^Some of the refusals have no Retry-After/, [3, -1, 3]],
  [/^Retry-After is in milliseconds/, [2_500, 2_400, 2_300]],
  [/^The remaining time is rounded down/, [2, 2, 2, 2]],
  [/^Retry-After is not a whole number/, [2.5, 2.4, 2.3]],
  [/^All refusals say 60 s, however much time has passed/, [60, 60, 60]],
])('names what is wrong with all values: %s', (cause, values) => {
  expect(judged(...values)).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(cause) });
});

test('names no cause of values that are wrong in several ways, and none of right ones', () => {
  expect(judged(3, 9, 1)).not.toHaveProperty('usually');
  // A small number is no number of milliseconds, even if as many would be right.
  expect(judgeSmall()).toMatch(/^All refusals say 3 s/);
  expect(judged(3, 3, 3)).not.toHaveProperty('usually');
});
