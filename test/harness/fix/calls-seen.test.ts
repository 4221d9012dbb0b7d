import { expect, test } from 'vitest';
import { breakerCandidates } from '../../../harness/fix/breaker-candidates.ts';
import { callsSeen } from '../../../harness/fix/calls-seen.ts';
import { type TriedCall, triedCalls } from '../../../harness/fix/tried-calls.ts';
import { History } from '../../../harness/history/history.ts';
import { type Failing, factsWith, failingHistory } from '../../support/failing.ts';

type Outcome = number | 'left';

/** Returns the calls of two endpoints, by the failure that they met: the number of requests that each made. */
function tried(
  outcomes: Record<string, Outcome | readonly [Outcome, Outcome]>,
  failure: Partial<TriedCall['failure']> = {},
): TriedCall[] {
  return Object.entries(outcomes).flatMap(([name, outcome]) =>
    (typeof outcome === 'object' ? outcome : [outcome, outcome]).map((requests, index): TriedCall => {
      const as = (/^\d+$/.test(name) ? Number(name) : name) as TriedCall['failure']['as'];
      return {
        upstream: 'llm',
        endpoint: `endpoint-${index}`,
        failure: { as, ...failure },
        requests: requests === 'left' ? 1 : requests,
        isOver: requests !== 'left',
        seconds: 1,
      };
    }),
  );
}

const FIVES = { 500: 3, 502: 3, 503: 3, 504: 3 };
const FOURS = { 400: 1, 404: 1, 422: 1 };

test('failures after which all attempts are made are told from those that are never repeated', () => {
  const calls = [
    ...tried({ ...FIVES, ...FOURS, 429: 3, 408: 3, 409: 3, connection: 3, timeout: 1, body: 1 }),
    ...tried({ 500: 1 }, { shouldRetry: false }),
    ...tried({ 400: 3 }, { shouldRetry: true }),
  ];
  expect(callsSeen(calls)).toEqual({
    attempts: 3,
    on: ['5xx', 429, 408, 409, 'connection'],
    never: ['4xx', 'timeout', 'body'],
    hints: ['x-should-retry'],
  });
});

test('a class is only promised if all statuses that stand for it are alike, and no other one is unknown', () => {
  expect(callsSeen(tried({ ...FIVES, 502: 1, ...FOURS, 404: 3 }))).toMatchObject({
    on: [500, 503, 504, 404],
    never: [502, 400, 422],
  });
  expect(callsSeen(tried({ ...FIVES, 501: 2, ...FOURS, 401: [1, 2] }))).toMatchObject({
    on: [500, 502, 503, 504],
    never: [400, 404, 422],
  });
  expect(callsSeen(tried({ 500: 2, 503: 2 }))).toEqual({ attempts: 2, on: [500, 503], never: [], hints: [] });
});

test('what endpoints treat differently, and calls that did not end, promise nothing', () => {
  const calls = tried({ ...FIVES, body: [1, 3], timeout: 'left', connection: [1, 'left'], 429: [3, 2] });
  expect(callsSeen(calls)).toEqual({ attempts: 3, on: ['5xx'], never: [], hints: [] });
});

test('a request that an earlier call left behind does not count as an attempt', () => {
  expect(callsSeen(tried({ ...FIVES, connection: [5, 3] }))).toMatchObject({ attempts: 3, on: ['5xx', 'connection'] });
  expect(callsSeen(tried({ body: [1, 3] }))).toMatchObject({ attempts: 3, on: [], never: [] });
});

test('a call that gives up an absurd wait says nothing, and neither does half of x-should-retry', () => {
  const absurd = { retryAfter: { seconds: 86_400, form: 'seconds', isAbsurd: true } } as const;
  const calls = [...tried({ 429: 3 }), ...tried({ 429: 1 }, absurd), ...tried({ 500: 1 }, { shouldRetry: false })];
  expect(callsSeen(calls)).toEqual({ attempts: 3, on: [429], never: [], hints: [] });
});

test('calls that are not repeated, or more often than a contract can promise, are not described', () => {
  expect(callsSeen([])).toBeUndefined();
  expect(callsSeen(tried({ ...FOURS, 500: 1 }))).toBeUndefined();
  expect(callsSeen(tried({ 500: 11 }))).toBeUndefined();
});

test('receipts of the fakes show the requests of a call, and whether more came later', () => {
  const of = (failing: Failing) =>
    triedCalls(
      new History(failingHistory({ asked: { kind: 'status', status: 503 }, ...failing })),
      factsWith({ reaches: ['groq'] }),
    );
  expect(of({ failing: 3 })).toMatchObject([
    { upstream: 'groq', endpoint: 'conversation-end', failure: { as: 503 }, requests: 3, isOver: true, seconds: 0.05 },
  ]);
  expect(of({ good: 2 })).toMatchObject([{ requests: 1, isOver: false }]);
  expect(of({ status: 0, tags: { error_code: '1050' } })).toMatchObject([{ isOver: false }]);
  expect(of({ failing: 0 })).toEqual([]);
});

const SDK = callsSeen([
  ...tried({ ...FIVES, ...FOURS, body: 1 }),
  ...tried({ 500: 1 }, { shouldRetry: false }),
  ...tried({ 400: 3 }, { shouldRetry: true }),
]);

test('a breaker is opened by failures that are never repeated, and by none if all are', () => {
  const own = [{ kind: 'reset' }, { kind: 'status', status: 503 }];
  expect(SDK && breakerCandidates(own, SDK)).toEqual([
    { kind: 'malformed-json' },
    { kind: 'status', status: 503, shouldRetry: false },
    { kind: 'status', status: 400 },
  ]);
  const all = callsSeen(tried({ ...FIVES, 400: 3, body: 3 }));
  expect(all && breakerCandidates(own, all)).toEqual([]);
  const some = callsSeen(tried({ ...FIVES, 422: 1, connection: 1 }));
  expect(some && breakerCandidates([], some)).toEqual([{ kind: 'reset' }, { kind: 'status', status: 422 }]);
});
