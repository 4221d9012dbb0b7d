import { expect, test } from 'vitest';
import { openingOf } from '../../../../harness/contract/schema/opening.ts';

const seconds = { seconds: 10 };

test('consecutive failures need no other calls', () => {
  expect(openingOf({ threshold: 5 })).toEqual({ successes: 0, failures: 5, beside: 5 });
});

test.each([
  ['half of 4', 0.5, 4, 'at', { successes: 3, failures: 3 }],
  ['more than half of 4', 0.5, 4, 'above', { successes: 2, failures: 3 }],
  ['a tenth of 10', 0.1, 10, 'at', { successes: 10, failures: 2 }],
  ['nine tenths of 2', 0.9, 2, 'at', { successes: 1, failures: 9 }],
  ['all of 3', 1, 3, 'at', { successes: 0, failures: 3 }],
  ['half of 100', 0.5, 100, 'at', { successes: 51, failures: 51 }],
] as const)('in a window of time: %s', (_, rate, minimum, boundary, calls) => {
  expect(openingOf({ opens: { rate, minimum, boundary, window: seconds } })).toMatchObject({
    ...calls,
    alone: minimum,
    windowSeconds: 10,
  });
});

test.each([
  ['half of 10', 0.5, 10, 'at', 5],
  ['more than half of 10', 0.5, 10, 'above', 6],
  ['half of 7', 0.5, 7, 'at', 4],
  ['all of 4', 1, 4, 'at', 4],
] as const)('in a window of calls that is full: %s', (_, rate, calls, boundary, failures) => {
  const opens = { rate, minimum: 3, boundary, window: { calls } };
  expect(openingOf({ opens })).toEqual({ successes: calls, failures, beside: failures, alone: 3 });
});

test('enough simultaneous failures cross the boundary, whatever two other calls come to', () => {
  const opens = { rate: 0.5, minimum: 2, boundary: 'above', window: seconds } as const;
  expect(openingOf({ opens }).beside).toBe(3);
  expect(openingOf({ opens: { ...opens, rate: 1, boundary: 'at' } }).beside).toBe(2);
});

test('exactly the last failure crosses the boundary, with the minimum reached before', () => {
  for (const rate of [0.1, 0.25, 0.3, 0.5, 0.6, 0.75, 0.9]) {
    for (const minimum of [2, 3, 5, 10, 20]) {
      for (const boundary of ['at', 'above'] as const) {
        const { successes, failures } = openingOf({ opens: { rate, minimum, boundary, window: seconds } });
        const isOver = (failed: number) => {
          const share = failed / (successes + failed);
          return boundary === 'at' ? share >= rate : share > rate;
        };
        expect([isOver(failures - 1), isOver(failures)], `${rate} of ${minimum}`).toEqual([false, true]);
        expect(successes + failures - 1).toBeGreaterThanOrEqual(minimum);
        expect(failures).toBeGreaterThanOrEqual(2);
      }
    }
  }
});

test('a number of failures in a window of time opens it, whatever else is in the window', () => {
  expect(openingOf({ opens: { failures: 3, window: seconds } })).toEqual({
    successes: 1,
    failures: 3,
    beside: 3,
    alone: 3,
    isCount: true,
    windowSeconds: 10,
  });
});
