import { expect, test } from 'vitest';
import { type Facts, poolOf } from '../../../../harness/checkers/lib/checker.ts';
import { poolCeiling } from '../../../../harness/checkers/pool/pool-ceiling.ts';
import { poolFreeDuringUpstreamCalls } from '../../../../harness/checkers/pool/pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from '../../../../harness/checkers/pool/pool-leaks-nothing.ts';
import { poolRefusesTheRest } from '../../../../harness/checkers/pool/pool-refuses-the-rest.ts';
import { poolSurvivesLostConnections } from '../../../../harness/checkers/pool/pool-survives-lost-connections.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import {
  begun,
  connections,
  facts,
  request,
  requests,
  SILENCE,
  STRAY,
  T0,
  verdicts,
} from '../../../support/history.ts';

/** The pool in the profile "fast": 5 connections, 20 places in its queue, and 1 s until a rejection. */
const POOL = facts();
const looks = (n: number, from: number, total: number, waitingForLock = 0) =>
  Array.from({ length: n }, (_, index) => ({ ...connections(from + index, total), waitingForLock }));

test.each([
  ['PASS', 10],
  ['INCONCLUSIVE', 9],
])('gives %s for the ceiling after %d samples', (verdict, n) => {
  const history = new History([
    begun(1, { action: 'locked' }, 0, 0),
    ...looks(n, 0, 5),
    begun(2, { action: 'recovered' }, 100, 0),
  ]);
  expect(new Set(Object.values(verdicts(poolCeiling.judge(history, POOL))))).toEqual(new Set([verdict]));
});

test('only samples from the start to the end of the phase show whether the maximum was reached', () => {
  const before = looks(1, -1, 5);
  const after = looks(1, 100, 5);
  const history = new History([
    ...before,
    begun(1, { action: 'locked' }, 0, 0),
    ...looks(12, 0, 4),
    begun(2, { action: 'recovered' }, 100, 0),
    ...after,
  ]);
  expect(poolCeiling.judge(history, POOL)[0]).toMatchObject({ observed: '4, in 12 samples', verdict: 'FAIL' });
});

const ended = (endedAt: number | null, kind = 'terminate'): HistoryEvent => ({
  type: 'receipt',
  kind: 'acting',
  seq: 1,
  upstream: 'database',
  at: T0 + 100,
  endedAt: endedAt && T0 + endedAt,
  faults: [`f1:${kind}`],
});

test.each<[string, string, number, number | null]>([
  ['while it is ended', 'INCONCLUSIVE', 100, 110],
  ['a moment before', 'FAIL', 99, 110],
  ['for a quarter of a second after', 'INCONCLUSIVE', 359, 110],
  ['for longer', 'FAIL', 360, 110],
  ['after it was begun to be ended', 'INCONCLUSIVE', 349, null],
  ['long after that', 'FAIL', 350, null],
])('a backend that the lab terminates may briefly exist alongside its successor %s: %s', (_, verdict, at, endedAt) => {
  const [, never] = poolCeiling.judge(new History([ended(endedAt), ...looks(1, at, 6)]), POOL);
  expect(never).toMatchObject({ verdict });
});

test("other database faults don't excuse extra connections", () => {
  expect(poolCeiling.judge(new History([ended(110, 'lock'), ...looks(1, 105, 6)]), POOL)[1]).toMatchObject({
    verdict: 'FAIL',
  });
});

const again = (n: number, waiting: number, calls = 5, status = 200): HistoryEvent[] => [
  STRAY,
  ...looks(1, -1, 5, 5),
  begun(3, { action: 'locked again', round: 1 }, 0, 0),
  ...requests(calls, 0, 90, status, { phase: '3' }),
  ...looks(n, 0, 5, waiting),
  begun(5, { action: 'end' }, 500, 0),
  ...looks(1, 500, 5, 5),
];

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'five looks', again(5, 5)],
  ['INCONCLUSIVE', 'four looks', again(4, 5)],
  ['INCONCLUSIVE', 'too few calls', again(5, 5, 4)],
  ['INCONCLUSIVE', 'too many calls', again(5, 5, 6)],
  ['FAIL', 'a connection less while it was locked', again(5, 4)],
  ['FAIL', 'more than the maximum', again(5, 6)],
  ['FAIL', 'calls that were not served', again(5, 5, 5, 500)],
])('gives %s for leaks: %s', (verdict, _, events) => {
  expect(verdicts(poolLeaksNothing.judge(new History(events), POOL))).toEqual({ 'pool leaks nothing': verdict });
});

/** Six connections, three in each of two processes, and this many calls with each status. */
const inTwoProcesses = (waiting: number, counts: Record<number, number>) => {
  const { contract, numbers } = POOL;
  const pool = { max: 6, processes: 2, acquireTimeoutSeconds: 1 };
  const calls = Object.entries(counts).flatMap(([status, n]) => requests(n, 0, 90, Number(status), { phase: '3' }));
  const events = [
    begun(3, { action: 'locked again', round: 1 }, 0, 0),
    ...calls,
    ...looks(5, 0, 6, waiting),
    begun(5, { action: 'end' }, 500, 0),
  ];
  return poolLeaksNothing.judge(new History(events), { ...POOL, contract, numbers: { ...numbers, pool } })[0]?.verdict;
};

test.each<[string, string, number, Record<number, number>]>([
  ['PASS', 'the rest is rejected', 6, { 200: 6, 503: 20 }],
  ['PASS', 'some of the rest wait until the table is free', 6, { 200: 9, 503: 17 }],
  ['INCONCLUSIVE', 'no more calls than connections', 6, { 200: 6 }],
  ['FAIL', 'a connection less', 5, { 200: 6, 503: 20 }],
  ['FAIL', 'fewer are served than there are connections', 6, { 200: 5, 503: 21 }],
  ['FAIL', 'the rest fails', 6, { 200: 6, 500: 20 }],
])('with a pool in each of two processes: %s for leaks if %s', (verdict, _, waiting, counts) => {
  expect(inTwoProcesses(waiting, counts)).toBe(verdict);
});

/** Calls while the table is locked: five that are served late, and rejections that take this long. */
const locked = (refusals: number[], served = 5, more: HistoryEvent[] = []) => [
  begun(1, { action: 'locked' }, -1, 0),
  ...requests(served, 0, 1_500, 200, { phase: '1' }),
  STRAY,
  ...refusals.map((ms) => request(0, ms, 503, { phase: '1' })),
  ...more,
];
const times = (n: number, ms: number) => Array.from({ length: n }, () => ms);
const judged = (events: HistoryEvent[], of: Facts = POOL) =>
  verdicts(poolRefusesTheRest.judge(new History(events), of));

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'all by the last moment', locked([...times(10, 3), ...times(20, 1_500)])],
  ['INCONCLUSIVE', 'the later half a moment late', locked([...times(16, 3), ...times(14, 1_501)])],
  ['FAIL', 'the middle one a moment late', locked([...times(15, 3), ...times(15, 1_501)])],
  ['FAIL', 'too few refused, some of them late', locked([...times(28, 3), 1_501], 6)],
  ['FAIL', 'one refused as nothing known', locked(times(29, 3), 5, [request(0, 3, 500, { phase: '1' })])],
  ['FAIL', 'one without an answer', locked(times(30, 3), 5, [request(0, 3, 0, { phase: '1' })])],
  ['INCONCLUSIVE', 'as many calls as there are places', locked(times(20, 3))],
  ['PASS', 'one call more than there are places', locked(times(21, 3))],
])('gives %s for timely rejections: %s', (verdict, _, events) => {
  expect(judged(events)['pool refuses the rest in time']).toBe(verdict);
});

test.each<[string, string, number[]]>([
  ['PASS', 'all by the last moment', times(30, 1_500)],
  ['INCONCLUSIVE', 'all later by what may be noise', times(30, 1_600)],
  ['FAIL', 'all a moment later than that', times(30, 1_601)],
])('with 100 ms of noise: %s for refusals in time: %s', (verdict, _, refusals) => {
  const noisy = { ...POOL, noise: { ...SILENCE, loopbackMs: 100 } };
  expect(judged(locked(refusals), noisy)['pool refuses the rest in time']).toBe(verdict);
});

test.each([
  ['PASS', [...times(10, 499), ...times(20, 1_000)]],
  ['INCONCLUSIVE', [...times(9, 499), ...times(21, 500)]],
  ['INCONCLUSIVE', [...times(10, 949), ...times(20, 950)]],
  ['FAIL', [...times(9, 949), ...times(21, 950)]],
])('gives %s for a queue with %j', (verdict, refusals) => {
  expect(judged(locked(refusals))['pool bounds its queue']).toBe(verdict);
});

test.each([
  ['FAIL', 150],
  ['INCONCLUSIVE', 600],
])(
  'says %s of an unbounded queue if all refusals came after the timeout, and the machine may have made them %d ms longer',
  (verdict, ms) => {
    const noisy = { ...POOL, noise: { ...SILENCE, loopbackMs: ms } };
    expect(judged(locked(times(30, 1_050)), noisy)['pool bounds its queue']).toBe(verdict);
  },
);

test('a queue whose limit is not in the contract is not judged', () => {
  const { queueMax: _, ...pool } = poolOf(POOL);
  const { max, processes, acquireTimeoutSeconds } = pool;
  const of = { ...POOL, numbers: { ...POOL.numbers, pool: { max, processes, acquireTimeoutSeconds } } };
  expect(judged(locked(times(30, 1_000)), of)).toEqual({
    'pool refuses the rest in time': 'PASS',
    'pool serves calls that hold a connection': 'PASS',
  });
});

const slow = (waiting: number, reads: HistoryEvent[], action: 'slow upstream' | 'failing' = 'slow upstream') =>
  poolFreeDuringUpstreamCalls
    .judge(
      new History([
        begun(1, { action, upstream: 'groq', endpoint: 'conversation-end', fault: 'latency' } as PhaseData, 0, 0),
        ...requests(waiting, 0, 1_000, 201, { phase: '1', about: 'upstream' }),
        ...reads,
      ]),
      POOL,
    )
    .map(({ verdict }) => verdict);
const read = (status: number) => request(5, 5, status, { phase: '1', about: 'read' });

test('reads only prove something while as many calls wait as there are connections', () => {
  expect(slow(5, [read(200)])).toEqual(['PASS']);
  expect(slow(4, [read(200)])).toEqual(['INCONCLUSIVE']);
});

test('a single read that was not served is a failure, however many were', () => {
  expect(slow(6, [read(200), read(503), read(404)])).toEqual(['FAIL']);
});

const lost = (...events: HistoryEvent[]) =>
  poolSurvivesLostConnections.judge(
    new History([STRAY, begun(4, { action: 'connections lost' }, -1, 0), ...events]),
    POOL,
  )[0];
const call = (status: number, at: number, about = 'read') => request(at, 1, status, { phase: '4', about });

test('reports the number of refusals and the last answer', () => {
  expect(lost(call(503, 0), call(503, 1), call(200, 2, 'again'))?.evidence).toEqual([
    '2 calls refused; the last one got 200',
  ]);
  expect(lost(call(503, 0))?.evidence).toEqual(['1 call refused; there was no call afterwards']);
});

test('throws if the contract has no pool', () => {
  const { pool: _, ...contract } = POOL.contract;
  expect(() => poolOf({ ...POOL, contract })).toThrow('the contract describes no pool');
  const { pool: __, ...numbers } = POOL.numbers;
  expect(() => poolOf({ ...POOL, numbers })).toThrow('the contract describes no pool');
});
