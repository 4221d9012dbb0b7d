import { expect, test } from 'vitest';
import { poolFreeDuringUpstreamCalls } from '../../../../harness/checkers/pool/pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from '../../../../harness/checkers/pool/pool-leaks-nothing.ts';
import { poolRecovers } from '../../../../harness/checkers/pool/pool-recovers.ts';
import { poolRefusesTheRest } from '../../../../harness/checkers/pool/pool-refuses-the-rest.ts';
import { poolSurvivesLostConnections } from '../../../../harness/checkers/pool/pool-survives-lost-connections.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connections, facts, request, requests, STRAY, T0, verdicts } from '../../../support/history.ts';

/**
 * Calls to a pool of 5 with a queue of 20: some are served late, some are rejected late, and some are rejected
 * immediately.
 */
const calls = (served: number, late: number, atOnce: number, lateMs = 1_010) =>
  new History([
    begun(1, { action: 'locked' }, -1, 0),
    ...requests(served, 0, 1_500, 200, { phase: '1' }),
    ...requests(late, 0, lateMs, 503, { phase: '1' }),
    ...requests(atOnce, 0, 3, 503, { phase: '1' }),
  ]);

const oneLate = calls(5, 19, 10);
for (const late of requests(1, 0, 2_000, 503, { phase: '1' })) oneLate.add(late);

test.each([
  ['all as promised', ['PASS', 'PASS', 'PASS'], calls(5, 20, 10)],
  ['refusals too late', ['FAIL', 'FAIL', 'PASS'], calls(5, 28, 2, 2_000)],
  ['one refusal too late among many', ['INCONCLUSIVE', 'PASS', 'PASS'], oneLate],
  ['a queue without a bound', ['PASS', 'FAIL', 'PASS'], calls(5, 30, 0)],
  ['slow refusals of who found no place', ['PASS', 'INCONCLUSIVE', 'PASS'], calls(5, 30, 0, 949)],
  ['refusals at the timeout', ['PASS', 'FAIL', 'PASS'], calls(5, 30, 0, 950)],
  ['nobody refused', ['FAIL', 'FAIL', 'FAIL'], calls(35, 0, 0)],
  ['too few calls', ['INCONCLUSIVE', 'INCONCLUSIVE', 'INCONCLUSIVE'], calls(5, 5, 0)],
])('judges degradation with %s: %j', (_, expected, history) => {
  expect(Object.values(verdicts(poolRefusesTheRest.judge(history, facts())))).toEqual(expected);
});

test.each([
  ['PASS', new History([STRAY, begun(2, { action: 'recovered' }, -1, 0), ...requests(60, 0, 5, 404, { phase: '2' })])],
  [
    'FAIL',
    new History([
      begun(2, { action: 'recovered' }, -1, 0),
      ...requests(60, 0, 5, 200, { phase: '2' }),
      ...requests(1, 0, 5, 503, { phase: '2' }),
    ]),
  ],
  ['INCONCLUSIVE', new History()],
])('gives %s for the recovery', (verdict, history) => {
  expect(verdicts(poolRecovers.judge(history, facts()))).toEqual({ 'pool recovers': verdict });
});

test('distinguishes reads that wait from calls that waited longer than their upstream because of a held connection', () => {
  const of = { phase: '3' };
  const events = [
    begun(3, { action: 'slow upstream', upstream: 'groq', endpoint: 'conversation-end' }, 0, 0),
    { type: 'fault', at: T0 + 1, upstream: 'groq', id: 'f1', asked: { kind: 'latency', milliseconds: 1_000 } } as const,
    ...requests(15, 2, 2_800, 201, { ...of, about: 'upstream' }),
    ...requests(5, 250, 680, 200, { ...of, about: 'read' }),
  ];
  const judged = verdicts(poolFreeDuringUpstreamCalls.judge(new History(events), facts()));
  expect(judged).toEqual({ 'pool free during upstream calls: groq in conversation-end': 'FAIL' });
});

const lost = (statuses: number[], last?: number) =>
  new History([
    begun(7, { action: 'connections lost' }, -1, 0),
    ...statuses.map((status, index) => request(index, 5, status, { phase: '7' })),
    ...(last === undefined ? [] : [request(100, 5, last, { phase: '7', about: 'again' })]),
  ]);

test.each([
  ['PASS', lost([503, 503], 200)],
  ['FAIL', lost([503, 500], 200)],
  ['FAIL', lost([503, 503], 503)],
  ['INCONCLUSIVE', lost([200, 200], 200)],
  ['INCONCLUSIVE', lost([503, 503])],
])('gives %s for lost connections', (verdict, history) => {
  expect(verdicts(poolSurvivesLostConnections.judge(history, facts()))).toEqual({
    'pool survives lost connections': verdict,
  });
});

const lockedAgain = (waiting: number, status = 200, looks = 10) =>
  new History([
    begun(4, { action: 'locked again', round: 1 }, -900, 0),
    ...requests(5, -900, 400, 503, { phase: '4' }),
    begun(5, { action: 'locked again', round: 2 }, 0, 0),
    ...requests(5, 0, 400, status, { phase: '5' }),
    ...Array.from({ length: looks }, (_, index) => ({ ...connections(index * 25, 5), waitingForLock: waiting })),
    begun(6, { action: 'end' }, 500, 0),
  ]);

test.each([
  ['PASS', lockedAgain(5)],
  ['FAIL', lockedAgain(4)],
  ['FAIL', lockedAgain(5, 503)],
  ['INCONCLUSIVE', lockedAgain(5, 200, 2)],
  ['INCONCLUSIVE', new History()],
])('gives %s for leaks', (verdict, history) => {
  expect(verdicts(poolLeaksNothing.judge(history, facts()))).toEqual({ 'pool leaks nothing': verdict });
});

test('says how many connections are missing, and in how many rounds', () => {
  expect(poolLeaksNothing.judge(lockedAgain(3), facts())).toMatchObject([
    {
      evidence: ['in each of 2 rounds: 0, 3 of 5 connections at once'],
      usually: expect.stringMatching(/^The pool leaks: 2 connections are not available any more\./),
    },
  ]);
  expect(poolLeaksNothing.judge(lockedAgain(5, 503), facts())[0]).not.toHaveProperty('usually');
});
