import { expect, test } from 'vitest';
import { fallbackSparesBreaker } from '../../../../harness/checkers/fallback/fallback-spares-breaker.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Arrival, factsOf, phased } from './routed.ts';

const SPARES = 'fallback spares 404-model_not_found in chat';

/** Judges three calls with the error, and one without. */
function judged({ reached = 3, after = 1, calls = 3, isBroken = true, next = 1 }, facts = factsOf()) {
  const arrivals = Array.from({ length: reached }, (_, index): Arrival => ['llm', 12 + index * 20, isBroken]);
  const events = [
    ...phased({ name: SPARES, from: 0, statuses: Array<number>(calls).fill(200), arrivals }),
    ...phased({
      name: `after ${SPARES}`,
      from: 200,
      seq: reached,
      about: 'again',
      statuses: Array<number>(next).fill(200),
      arrivals: after === 1 ? [['llm', 12]] : [],
    }),
  ];
  return fallbackSparesBreaker.judge(new History(events), facts)[0];
}

test('a breaker that stays closed passes', () => {
  expect(judged({})).toMatchObject({
    check: 'not counted by llm: 404-model_not_found, chat',
    observed: '3 of 3 calls reached it, then 1 of 1',
    verdict: 'PASS',
  });
});

test('a breaker that opens fails', () => {
  expect(judged({ after: 0 })?.verdict).toBe('FAIL');
  expect(judged({ reached: 2 })?.verdict).toBe('FAIL');
});

test('too few calls, or none with the error, prove nothing', () => {
  expect(judged({ calls: 2, reached: 2 })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ isBroken: false })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ after: 0, next: 0 })?.verdict).toBe('INCONCLUSIVE');
});

test('without a breaker, nothing is judged', () => {
  expect(judged({}, factsOf({}, false))).toBeUndefined();
});
