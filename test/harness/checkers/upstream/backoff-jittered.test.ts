import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { backoffJittered } from '../../../../harness/checkers/upstream/backoff-jittered.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, phase, receipt, starved, T0 } from '../../../support/history.ts';

const PHASE = 'one failure each: groq in conversation-end';

/** Calls a second apart. Each fails once, and is sent again after one of the waits, in milliseconds. */
function judged(waits: readonly number[], more: HistoryEvent[] = [], given: Facts = facts()) {
  const pairs = waits.flatMap((wait, index) => [
    receipt(2 * index + 1, index * 1_000, 5, 'groq', ['f1:status']),
    receipt(2 * index + 2, index * 1_000 + wait, 5, 'groq'),
  ]);
  const events = [phase(PHASE, 0, 0), ...pairs, phase('next', 60_000, pairs.length), ...more];
  return backoffJittered.judge(new History(events), given);
}

/** Twelve waits from 400 ms on, spread evenly over a range. */
const spreadOver = (range: number) => Array.from({ length: 12 }, (_, index) => 400 + (range * index) / 11);

test.each([
  [0, 'FAIL'],
  [20, 'FAIL'],
  [30, 'INCONCLUSIVE'],
  [40, 'INCONCLUSIVE'],
  [43, 'PASS'],
  [200, 'PASS'],
])('twelve waits of about 400 ms with a range of %d ms give %s', (range, verdict) => {
  expect(judged(spreadOver(range))).toMatchObject([
    { check: 'time between attempts differs: groq, conversation-end', requests: [{ phase: PHASE }], verdict },
  ]);
});

/** Twelve waits with a median of 400 ms. */
const around = (range: number) => [400 - range / 2, ...Array(10).fill(400), 400 + range / 2];

test('5% are alike, and 10% differ', () => {
  expect(judged(around(20))).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judged(around(20.2))).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judged(around(39.8))).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judged(around(40))).toMatchObject([{ verdict: 'PASS' }]);
});

test('eight waits of 50 ms are enough', () => {
  expect(judged(Array(8).fill(50))).toMatchObject([{ verdict: 'FAIL' }]);
});

test('shows what was measured', () => {
  expect(judged(spreadOver(100))).toMatchObject([
    { expected: 'the range is at least 10% of the median', observed: '12 waits, median 450 ms, range 100 ms' },
  ]);
});

test('a wait for a processor is no jitter', () => {
  const waits = [...spreadOver(0).slice(1), 500];
  expect(judged(waits)).toMatchObject([{ verdict: 'PASS' }]);
  const delay = [starved('service', 11_100, 11_200, 90)];
  expect(judged(waits, delay)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  const pause = (of: 'machine' | 'lab'): HistoryEvent => ({ type: 'stall', at: T0 + 11_200, ms: 90, of });
  expect(judged(waits, [pause('machine')])).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judged(waits, [pause('lab')])).toMatchObject([{ verdict: 'PASS' }]);
  const late = { ...facts(), noise: { timerLateMs: 90, loopbackMs: 1, stolenShare: 0 } };
  expect(judged(waits, [], late)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('nothing is proved by a few waits, by short ones, or by requests that are not sent again one by one', () => {
  const inconclusive = [{ verdict: 'INCONCLUSIVE' }];
  expect(judged(spreadOver(0).slice(0, 7))).toMatchObject(inconclusive);
  expect(judged(spreadOver(0).map(() => 49))).toMatchObject(inconclusive);
  const failedTwice = [
    phase(PHASE, 0, 0),
    receipt(1, 0, 5, 'groq', ['f1:status']),
    receipt(2, 400, 5, 'groq', ['f1:status']),
  ];
  expect(backoffJittered.judge(new History(failedTwice), facts())).toMatchObject(inconclusive);
  const neverServed = Array.from({ length: 24 }, (_, index) =>
    receipt(index + 1, index * 400, 5, 'groq', ['f1:status']),
  );
  expect(backoffJittered.judge(new History([phase(PHASE, 0, 0), ...neverServed]), facts())).toMatchObject([
    { observed: 'the calls were not repeated one by one', verdict: 'INCONCLUSIVE' },
  ]);
});

test('other phases are ignored', () => {
  expect(backoffJittered.judge(new History([phase('failing groq reset in ask', 0, 0)]), facts())).toEqual([]);
});
