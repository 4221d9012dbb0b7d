import { expect, test } from 'vitest';
import { faultsAnsweredInTime } from '../../../../harness/checkers/upstream/faults-answered-in-time.ts';
import { History } from '../../../../harness/history/history.ts';
import { type PromisedCalls, promisedCalls } from '../../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory, GIVEN_UP } from '../../../support/failing.ts';
import { request, starved } from '../../../support/history.ts';

const judged = (seen: Failing, onFault: Parameters<typeof factsWith>[0]['onFault'] = {}, calls?: PromisedCalls) =>
  faultsAnsweredInTime.judge(new History(failingHistory(seen)), factsWith({ onFault }, calls));

const STALL = { stall: { answer: 504, withinSeconds: 3 } };

test.each([
  [2_900, 'PASS'],
  [3_500, 'PASS'],
  [3_501, 'FAIL'],
])('an answer within 3 s that came after %d ms gives %s', (ms, verdict) => {
  expect(judged({ fault: 'stall', ms, status: 504 }, STALL)).toMatchObject([
    {
      check: 'answer in time to stall: groq, conversation-end',
      requests: [{ phase: '1', about: 'failing' }],
      expected: 'within 3 s',
      verdict,
    },
  ]);
});

test('one of several calls without an answer is told', () => {
  const tags = { phase: '1', about: 'failing', endpoint: 'conversation-end', ...GIVEN_UP };
  const more = [request(20, 9_000, 0, tags)];
  expect(judged({ fault: 'stall', ms: 900, status: 504, more }, STALL)).toMatchObject([
    { observed: 'after 9.00 s, without an answer', verdict: 'FAIL' },
  ]);
});

test('a call whose caller gave up before its time was over proves nothing', () => {
  expect(judged({ fault: 'stall', ms: 3_500, status: 0, tags: GIVEN_UP }, STALL)).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
  ]);
});

test('a late answer is not blamed on a service that waited for a processor', () => {
  const more = [starved('service', 10, 1_010, 900)];
  expect(judged({ fault: 'stall', ms: 4_000, status: 504, more }, STALL)).toMatchObject([
    {
      verdict: 'INCONCLUSIVE',
      evidence: [expect.stringMatching(/^measured 4.* of tolerance and .* machine noise: 2\.60? s$/)],
    },
  ]);
  expect(judged({ fault: 'stall', ms: 4_500, status: 504, more }, STALL)).toMatchObject([{ verdict: 'FAIL' }]);
});

test('nothing is proved if the fault acted on no request', () => {
  expect(judged({ fault: 'stall', failing: 0, status: 504 }, STALL)).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test.each<[string, Parameters<typeof judged>[1]]>([
  ['stall', { stall: 504 }],
  ['drip', { drip: 'error' }],
  ['split-chunks', { 'split-chunks': 'served' }],
])('an answer to %s that is promised without a time may take any time, but must come: %j', (fault, onFault) => {
  expect(judged({ fault, ms: 29_000, status: 504 }, onFault)).toMatchObject([
    { expected: 'an answer', observed: 'after 29.00 s', verdict: 'PASS' },
  ]);
  const seen = { fault, ms: 1_000, status: 0, tags: GIVEN_UP };
  expect(judged(seen, onFault)).toMatchObject([{ observed: 'after 1.00 s, without an answer', verdict: 'FAIL' }]);
  expect(judged({ ...seen, more: [starved('service', 10, 1_010, 1_000)] }, onFault)).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
  ]);
});

test.each<[object, number, string]>([
  [{ attempts: 3 }, 15_000, 'PASS'],
  [{ attempts: 3 }, 15_001, 'FAIL'],
  [{ attempts: 3, budgetSeconds: 4 }, 4_500, 'PASS'],
  [{ attempts: 3, budgetSeconds: 4 }, 4_501, 'FAIL'],
])('with %j, a call that ends after %d ms gives %s', (calls, ms, verdict) => {
  expect(judged({ ms, failing: 3 }, {}, promisedCalls.parse(calls))).toMatchObject([{ verdict }]);
});

test('each attempt has 5 s', () => {
  expect(judged({}, {}, promisedCalls.parse({ attempts: 3 }))).toMatchObject([{ expected: 'within 15 s' }]);
});

test('an upstream that never responds has no time unless the contract promises one', () => {
  expect(judged({ fault: 'hang', ms: 29_000, status: 504 })).toEqual([]);
  const late = [{ verdict: 'FAIL' }];
  expect(judged({ fault: 'hang', ms: 29_000 }, { hang: { answer: 504, withinSeconds: 3 } })).toMatchObject(late);
  expect(judged({ fault: 'hang', ms: 29_000 }, {}, promisedCalls.parse({ budgetSeconds: 9 }))).toMatchObject(late);
});
