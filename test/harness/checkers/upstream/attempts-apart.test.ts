import { expect, test } from 'vitest';
import { attemptsApart } from '../../../../harness/checkers/upstream/attempts-apart.ts';
import { History } from '../../../../harness/history/history.ts';
import { type PromisedCalls, promisedCalls } from '../../../../mocks/promised-calls.ts';
import { type Failing, factsWith, failingHistory } from '../../../support/failing.ts';
import { T0 } from '../../../support/history.ts';

const HONOURED = promisedCalls.parse({ attempts: 3, on: ['5xx'], retryAfter: 'honoured' });

const judged = (seen: Failing, calls: PromisedCalls = HONOURED) =>
  attemptsApart.judge(new History(failingHistory({ fault: '503-soon', failing: 3, ...seen })), factsWith({}, calls));

const after = (retryAfter: object) => ({ kind: 'status', status: 503, retryAfter });

test.each([
  [1_000, 'PASS'],
  [2_000, 'PASS'],
  [975, 'PASS'],
  [974, 'FAIL'],
  [1, 'FAIL'],
])('a Retry-After of 1 s, and attempts that are %d ms apart, give %s', (apart, verdict) => {
  expect(judged({ asked: after({ seconds: 1 }), apart })).toMatchObject([
    { check: 'time between attempts: groq 503-soon, conversation-end', verdict },
  ]);
});

test.each([
  [1_475, 'PASS'],
  [1_474, 'FAIL'],
])('retry-after-ms of 1500, and attempts that are %d ms apart, give %s', (apart, verdict) => {
  expect(judged({ asked: after({ milliseconds: 1_500 }), apart })).toMatchObject([{ verdict }]);
});

// The first request arrives 20 ms after a full second. A date 2 s later is one of a full second.
test.each([
  [1_980, 'PASS'],
  [1_955, 'PASS'],
  [1_954, 'FAIL'],
])('a Retry-After with a date, and attempts that are %d ms apart, give %s', (apart, verdict) => {
  expect(judged({ asked: after({ dateInSeconds: 2 }), apart, failing: 2 })).toMatchObject([{ verdict }]);
});

test('shows the shortest of several waits', () => {
  const events = failingHistory({ fault: '503-soon', failing: 3, asked: after({ seconds: 1 }), apart: 20 });
  const uneven = events.map((event) =>
    event.type === 'receipt' && event.seq === 3 ? { ...event, at: event.at + 2_000 } : event,
  );
  expect(attemptsApart.judge(new History(uneven), factsWith({}, HONOURED))).toMatchObject([
    {
      observed: '1 of 2 attempts too early, the shortest wait was 0.02 s',
      evidence: [expect.stringMatching(/^measured: too early by .* minus .* of tolerance: /)],
      requests: [{ phase: '1' }],
    },
  ]);
});

test('the fault that acted counts, and no other', () => {
  const other = (upstream: string, id: string) =>
    ({ type: 'fault', at: T0 + 1, upstream, id, asked: after({ seconds: 9 }) }) as const;
  const seen = { asked: after({ seconds: 1 }), apart: 1_000, more: [other('mem0', 'f1'), other('groq', 'f0')] };
  expect(judged(seen)).toMatchObject([{ expected: 'no attempt within 1 s of the previous one', verdict: 'PASS' }]);
});

test('a Retry-After of an hour is absurd', () => {
  expect(judged({ asked: after({ seconds: 3_599 }), apart: 20 })).toMatchObject([{ verdict: 'FAIL' }]);
  expect(judged({ asked: after({ seconds: 3_600 }), apart: 20 })).toEqual([]);
});

test('nothing is proved without a second attempt', () => {
  expect(judged({ asked: after({ seconds: 1 }), failing: 1 })).toMatchObject([
    { observed: 'no second attempt', verdict: 'INCONCLUSIVE' },
  ]);
});

test('a Retry-After that the budget leaves no time for is judged if there is a second attempt', () => {
  const hurried: PromisedCalls = { ...HONOURED, attempts: 2, budgetSeconds: 2 };
  const fault = after({ dateInSeconds: 2 });
  expect(judged({ asked: fault, failing: 1 }, hurried)).toEqual([]);
  expect(judged({ asked: fault, failing: 1 }, { ...hurried, budgetSeconds: 2.5 })).toMatchObject([
    { verdict: 'INCONCLUSIVE' },
  ]);
  expect(judged({ asked: fault, failing: 2, apart: 20 }, hurried)).toMatchObject([{ verdict: 'FAIL' }]);
});

test.each<[string, Failing, PromisedCalls]>([
  ['of which the contract says nothing', { asked: after({ seconds: 1 }) }, promisedCalls.parse({ attempts: 3 })],
  ['if nothing is repeated', { asked: after({ seconds: 1 }) }, promisedCalls.parse({ retryAfter: 'honoured' })],
  ['that is a day long', { asked: after({ seconds: 86_400 }) }, HONOURED],
  ['that is over', { asked: after({ dateInSeconds: -86_400 }) }, HONOURED],
  ['that is not there', { asked: { kind: 'status', status: 503 } }, HONOURED],
  ['of an unknown fault', {}, HONOURED],
])('a Retry-After %s is not judged', (_, seen, calls) => {
  expect(judged(seen, calls)).toEqual([]);
});

const BACKOFF = promisedCalls.parse({ attempts: 3, retryAfter: 'capped', backoff: { minSeconds: 0.4 } });

test('a Retry-After counts more than the backoff', () => {
  expect(judged({ asked: after({ seconds: 0 }), apart: 1 }, BACKOFF)).toEqual([]);
  expect(judged({ asked: after({ seconds: 1 }), apart: 400 }, BACKOFF)).toMatchObject([{ verdict: 'FAIL' }]);
});

test('a backoff without a shortest time promises no time between attempts', () => {
  const none = promisedCalls.parse({ attempts: 3, backoff: { minSeconds: 0, jitter: true } });
  expect(judged({ asked: { kind: 'reset' }, apart: 1 }, none)).toEqual([]);
});
