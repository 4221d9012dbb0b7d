import { expect, test } from 'vitest';
import { numbers } from '../../../../harness/contract/schema/numbers.ts';

const RATE = { rate: 0.5, window: { seconds: 10 }, minimum: 4 };

/** Returns the problems with a breaker that has these numbers. */
const problemsOf = (breaker: object): string =>
  (numbers.safeParse({ breakers: { llm: { recoverySeconds: 2, ...breaker } } }).error?.issues ?? [])
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('\n');

test('a breaker opens at consecutive failures, or at a rate in a window of calls or seconds', () => {
  expect(problemsOf({ threshold: 5 })).toBe('');
  expect(problemsOf({ opens: RATE })).toBe('');
  expect(problemsOf({ opens: { ...RATE, window: { calls: 10 }, boundary: 'above' } })).toBe('');
});

test.each([
  ['neither', {}, /^breakers.llm: needs either "threshold" .* or "opens"/],
  ['both', { threshold: 5, opens: RATE }, /^breakers.llm: needs either "threshold"/],
  ['a percentage', { opens: { ...RATE, rate: 50 } }, /opens.rate: .*<=1/],
  ['two windows', { opens: { ...RATE, window: { calls: 10, seconds: 10 } } }, /opens.window: /],
  ['a rate above 1', { opens: { ...RATE, rate: 1, boundary: 'above' } }, /opens.boundary: a rate is never above 1/],
  [
    'a minimum beyond the window',
    { opens: { ...RATE, window: { calls: 3 } } },
    /opens.minimum: is more than the calls/,
  ],
  [
    'a single failure',
    { opens: { ...RATE, window: { calls: 4 }, rate: 0.2 } },
    /opens.rate: a single failure in a full/,
  ],
])('%s is refused', (_, breaker, problem) => {
  expect(problemsOf(breaker)).toMatch(problem);
});

test('a number of failures needs a window of seconds, and no rate', () => {
  const counted = { failures: 3, window: { seconds: 10 } };
  expect(problemsOf({ opens: counted })).toBe('');
  expect(problemsOf({ opens: { ...counted, failures: 1 } })).toMatch(/opens.failures: .*>=2/);
  expect(problemsOf({ opens: { ...counted, window: { calls: 10 } } })).toMatch(/opens.window: must be a time/);
  expect(problemsOf({ opens: { ...counted, rate: 0.5 } })).toMatch(/opens.rate: must not be used together/);
  expect(problemsOf({ opens: { ...counted, minimum: 4 } })).toMatch(/opens.minimum: must not be used together/);
  expect(problemsOf({ opens: { window: { seconds: 10 } } })).toMatch(/opens.rate: needs either "rate" or "failures"/);
  expect(problemsOf({ opens: { window: { seconds: 10 }, rate: 0.5 } })).toMatch(/opens.minimum: missing/);
});
