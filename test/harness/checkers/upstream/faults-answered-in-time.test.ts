import { expect, test } from 'vitest';
import { faultsAnsweredInTime } from '../../../../harness/checkers/upstream/faults-answered-in-time.ts';
import { History } from '../../../../harness/history/history.ts';
import { type PromisedCalls, promisedCalls } from '../../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory, GIVEN_UP } from '../../../support/failing.ts';
import { starved } from '../../../support/history.ts';

const judged = (seen: Failing, onFault: Parameters<typeof factsWith>[0]['onFault'] = {}, calls?: PromisedCalls) =>
  faultsAnsweredInTime.judge(new History(failingHistory(seen)), factsWith({ onFault }, calls));

const STALL = { stall: { answer: 504, withinSeconds: 3 } };

test.each([
  [2_900, 'PASS'],
  [3_500, 'PASS'],
  [3_501, 'FAIL'],
])('an answer within 3 s that came after %d ms gives %s', (ms, verdict) => {
  expect(judged({ fault: 'stall', ms, status: 504 }, STALL)).toMatchObject([
    { check: 'answer in time to stall: groq, conversation-end', expected: 'within 3 s', verdict },
  ]);
});

test('a call that was never answered failed', () => {
  expect(judged({ fault: 'stall', ms: 11_000, status: 0, tags: GIVEN_UP }, STALL)).toMatchObject([
    { observed: 'after 11.00 s, without an answer', verdict: 'FAIL' },
  ]);
});

test('a late answer is not blamed on a service that waited for a processor', () => {
  const more = [starved('service', 10, 1_010, 900)];
  expect(judged({ fault: 'stall', ms: 4_000, status: 504, more }, STALL)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judged({ fault: 'stall', ms: 4_500, status: 504, more }, STALL)).toMatchObject([{ verdict: 'FAIL' }]);
});

test('nothing is proved if the fault acted on no request', () => {
  expect(judged({ fault: 'stall', failing: 0, status: 504 }, STALL)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('an answer to an upstream that never responds has no time unless one is promised', () => {
  expect(judged({ fault: 'stall', ms: 9_000, status: 504 }, { stall: 504 })).toEqual([]);
});

test('a success in spite of a fault may take its time', () => {
  expect(judged({ fault: 'split-chunks', ms: 9_000, status: 201 }, { 'split-chunks': 'served' })).toEqual([]);
});

test('an upstream that fails at once fails a call within 5 s, also if an answer is promised', () => {
  expect(judged({ fault: 'reset', ms: 5_001 }, { reset: 502 })).toMatchObject([{ verdict: 'FAIL' }]);
});

test.each([
  [5_000, 'PASS'],
  [5_001, 'FAIL'],
])('a fault that the contract does not name fails a call within 5 s: %d ms give %s', (ms, verdict) => {
  expect(judged({ fault: '429-tomorrow', ms })).toMatchObject([{ expected: 'within 5 s', verdict }]);
});

test.each<[object, number, string]>([
  [{ attempts: 3 }, 15_000, 'PASS'],
  [{ attempts: 3 }, 15_001, 'FAIL'],
  [{ attempts: 3, budgetSeconds: 4 }, 4_500, 'PASS'],
  [{ attempts: 3, budgetSeconds: 4 }, 4_501, 'FAIL'],
])('with %j, a call that ends after %d ms gives %s', (calls, ms, verdict) => {
  expect(judged({ ms, failing: 3 }, {}, promisedCalls.parse(calls))).toMatchObject([{ verdict }]);
});

test('an upstream that never responds has no time unless the contract promises one', () => {
  expect(judged({ fault: 'hang', ms: 29_000, status: 504 })).toEqual([]);
  const late = [{ verdict: 'FAIL' }];
  expect(judged({ fault: 'hang', ms: 29_000 }, { hang: { answer: 504, withinSeconds: 3 } })).toMatchObject(late);
  expect(judged({ fault: 'hang', ms: 29_000 }, {}, promisedCalls.parse({ budgetSeconds: 9 }))).toMatchObject(late);
});
