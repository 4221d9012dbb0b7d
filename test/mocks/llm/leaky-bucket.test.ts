import { expect, test } from 'vitest';
import { LeakyBucket } from '../../../mocks/llm/leaky-bucket.ts';

const MINUTE = 60_000;

test('the wait matches a response of Groq: 4.77 s for 1443 of 6000 per minute with 5034 used', () => {
  const bucket = new LeakyBucket(6000, MINUTE);
  bucket.take(5034, 0);
  expect(bucket.waitMs(1443, 0)).toBe(4770);
  expect(bucket.waitMs(1443, 4769)).toBe(1);
  expect(bucket.waitMs(1443, 4770)).toBe(0);
});

test('drains evenly, not at the end of a window', () => {
  const bucket = new LeakyBucket(30, MINUTE);
  for (let taken = 0; taken < 30; taken++) bucket.take(1, 0);
  expect(bucket.waitMs(1, 1999)).toBeGreaterThan(0);
  expect(bucket.waitMs(1, 2000)).toBe(0);
  expect(bucket.waitMs(2, 2000)).toBe(2000);
  expect(bucket.remaining(30_000)).toBe(15);
});

test('resets when everything has drained', () => {
  const bucket = new LeakyBucket(14_400, 24 * 60 * MINUTE);
  bucket.take(1, 0);
  expect(bucket.resetMs(0)).toBe(6000);
  expect(bucket.remaining(0)).toBe(14_399);
  expect(bucket.resetMs(6000)).toBe(0);
  expect(bucket.remaining(6000)).toBe(14_400);
});

test("a clock that is set back doesn't fill it", () => {
  const bucket = new LeakyBucket(10, MINUTE);
  bucket.take(10, 1000);
  expect(bucket.used(0)).toBe(10);
});
