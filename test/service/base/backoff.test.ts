import { expect, test } from 'vitest';
import { backoffMs } from '../../../service/base/backoff.ts';

const BACKOFF = { firstMs: 100, longestMs: 1000 };

test('doubles up to the maximum', () => {
  expect([1, 2, 3, 4, 5, 10_000].map((failures) => backoffMs(BACKOFF, failures, () => 0))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
});

test('is jittered by at most a half, and is never zero', () => {
  expect(backoffMs(BACKOFF, 1, () => 0.5)).toBe(75);
  expect(backoffMs(BACKOFF, 1, () => 0.999_999)).toBeGreaterThan(50);
});
