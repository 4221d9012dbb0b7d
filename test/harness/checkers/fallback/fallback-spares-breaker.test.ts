import { expect, test } from 'vitest';
import { fallbackSparesBreaker } from '../../../../harness/checkers/fallback/fallback-spares-breaker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Arrival, factsOf, phased, RATED } from './routed.ts';

const SPARES = { action: 'fallback spares', fault: '404-model_not_found', endpoint: 'chat' } as const;

/** Judges three calls with the error, and one without. */
function judged(
  {
    reached = 3,
    after = 1,
    calls = 3,
    next = 1,
    ...more
  }: Partial<Record<'reached' | 'after' | 'calls' | 'broken' | 'next', number>>,
  facts = factsOf(),
  filled: HistoryEvent[] = [],
) {
  const { broken = reached } = more;
  const arrivals = Array.from({ length: reached }, (_, index): Arrival => ['llm', 12 + index * 20, index < broken]);
  const seq = filled.filter(({ type }) => type === 'receipt').length;
  const events = [
    ...filled,
    ...phased({
      data: { ...SPARES, ...(seq > 0 && { primed: [3] }) },
      from: 0,
      seq,
      statuses: Array<number>(calls).fill(200),
      arrivals,
    }),
    ...phased({
      id: 2,
      data: { when: 'after', of: 1 },
      from: 200,
      seq: seq + reached,
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
    requests: [{ phase: '1' }, { phase: '2' }],
    observed: '3 of 3 calls reached it, then 1 of 1',
    verdict: 'PASS',
  });
});

test('a breaker that opens fails', () => {
  expect(judged({ after: 0 })?.verdict).toBe('FAIL');
  expect(judged({ reached: 2 })?.verdict).toBe('FAIL');
});

test('a call that is repeated without the error counts as well', () => {
  expect(judged({ broken: 1 })?.verdict).toBe('PASS');
});

test('behind retries, only the next call shows whether the breaker has opened', () => {
  const facts = factsOf({}, { attempts: 2 });
  expect(judged({ reached: 2 }, facts)?.verdict).toBe('PASS');
  expect(judged({ reached: 2, after: 0 }, facts)?.verdict).toBe('FAIL');
});

test('a breaker that opens by a rate must have seen the successes that it needs', () => {
  const facts = factsOf({}, { numbers: RATED });
  expect(judged({}, facts)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: ['0 calls reached llm before, instead of 6'],
  });
  const filled = phased({
    id: 3,
    data: { action: 'filled' },
    from: -500,
    arrivals: Array.from({ length: 6 }, (): Arrival => ['llm', 10]),
  });
  expect(judged({}, facts, filled)?.verdict).toBe('PASS');
});

test('too few calls, or none with the error, prove nothing', () => {
  expect(judged({ calls: 2, reached: 2 })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ broken: 0 })?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ after: 0, next: 0 })?.verdict).toBe('INCONCLUSIVE');
});

test('without a breaker, nothing is judged', () => {
  expect(judged({}, factsOf({}, { breakers: false }))).toBeUndefined();
});
