import { expect, test } from 'vitest';
import { newRequestsRefused } from '../../../../harness/checkers/end/new-requests-refused.ts';
import { starved, T0 } from '../../../support/history.ts';
import { type Ended, factsOf, historyOf, WITHOUT, whileCallsHang } from './endings.ts';

type Call = [after: number, ms: number, status: number, code?: string];
const REFUSED: Call[] = [
  [2_510, 1, 0],
  [2_560, 1, 0],
  [2_610, 1, 0],
];

const judged = (calls: Call[], given = factsOf(), ended: Ended = {}) =>
  newRequestsRefused.judge(historyOf({ calls: { new: calls }, ...ended }), given)[0];

test('refused connections pass, and so does 503', () => {
  expect(judged(REFUSED)).toMatchObject({
    check: 'refuses new requests after SIGTERM',
    requests: [{ phase: '1', about: 'new' }],
    expected: 'no connection or 503',
    observed: '3 requests refused, 0 not',
    verdict: 'PASS',
  });
  expect(judged(REFUSED.map(([after, ms]) => [after, ms, 503]))?.verdict).toBe('PASS');
});

test('requests may be served for half a second, and for the promised time', () => {
  expect(judged([[2_450, 20, 201], ...REFUSED])).toMatchObject({
    evidence: ['measured: still accepted for 450 ms minus 500 ms of tolerance: 0.0 ms'],
    verdict: 'PASS',
  });
  const drained: Call[] = [
    [3_450, 20, 201],
    [3_510, 1, 0],
    [3_560, 1, 0],
    [3_610, 1, 0],
  ];
  const exit = { at: T0 + 5_000 };
  expect(judged(drained, factsOf({ drainSeconds: 1 }), { exit })).toMatchObject({
    expected: 'no connection or 503, 1 s later',
    verdict: 'PASS',
  });
  expect(judged(drained, factsOf(), { exit })?.verdict).toBe('FAIL');
  const early: Call[] = [
    [2_600, 1, 0],
    [2_700, 1, 0],
    [3_510, 1, 0],
  ];
  expect(judged(early, factsOf({ drainSeconds: 1 }), { exit })?.verdict).toBe('INCONCLUSIVE');
});

test('the half second ends with a request that is sent exactly then', () => {
  const served = (at: number): Call[] => [[at, 20, 201], ...REFUSED];
  expect(judged(served(2_499))?.verdict).toBe('PASS');
  expect(judged(served(2_500))?.verdict).toBe('FAIL');
});

test('a request that fails on the side of the generator tells nothing', () => {
  expect(judged([...REFUSED, [2_550, 1, 0, '1101']])).toMatchObject({ observed: '3 requests refused, 0 not' });
  expect(judged([...REFUSED.slice(1), [2_550, 1, 0, '1101']])?.verdict).toBe('INCONCLUSIVE');
});

test('a process that never exits is judged as well', () => {
  expect(judged(REFUSED, factsOf(), { exit: null })?.verdict).toBe('PASS');
  expect(judged([...REFUSED, [9_000, 20, 201]], factsOf(), { exit: null })?.verdict).toBe('FAIL');
});

test('other requests do not count', () => {
  const load: Ended = { calls: { new: REFUSED, load: [[2_550, 20, 201]] } };
  expect(judged([], factsOf(), load)?.verdict).toBe('PASS');
});

test('a connection that waits to be accepted when the port closes may be dropped', () => {
  const closing: Call[] = [
    [2_610, 1, 0],
    [2_630, 1, 0],
    [2_640, 1, 0],
  ];
  expect(judged([[2_511, 50, 0, '1220'], ...closing])?.verdict).toBe('PASS');
  expect(judged([[2_510, 50, 0, '1220'], ...closing])?.verdict).toBe('FAIL');
  expect(judged([[2_580, 20, 201], ...closing])?.verdict).toBe('FAIL');
});

test('the last moment of a process is longer if it waits for a processor', () => {
  const others = [starved('service', 0, 1, 0), starved('service', 2_600, 2_700, 60)];
  expect(judged([...REFUSED, [2_550, 50, 0, '1220']], factsOf(), { others })).toMatchObject({
    evidence: [
      'measured: dropped before the end by 150 ms minus 100 ms of tolerance and 60 ms of machine noise: 0.0 ms',
    ],
    verdict: 'PASS',
  });
  expect(judged([...REFUSED, [2_530, 50, 0, '1220']], factsOf(), { others })?.verdict).toBe('FAIL');
  expect(judged([...REFUSED, [2_550, 20, 201]], factsOf(), { others })?.verdict).toBe('FAIL');
});

test('a process that has exited before it has to refuse requests keeps the promise', () => {
  const calls: Call[] = [[2_100, 1, 0]];
  expect(judged(calls, factsOf(), { exit: { at: T0 + 2_050 } })?.verdict).toBe('PASS');
  expect(judged(calls, factsOf(), { exit: { at: T0 + 2_500 } })?.verdict).toBe('PASS');
  expect(judged(calls, factsOf(), { exit: { at: T0 + 2_501 } })?.verdict).toBe('INCONCLUSIVE');
  expect(judged(calls, factsOf({ drainSeconds: 1 }), { exit: { at: T0 + 3_400 } })?.verdict).toBe('PASS');
});

test('a service fails if it serves new requests only while calls hang', () => {
  const hanging = (after: number, status: number): Ended => ({ others: whileCallsHang('new', [[after, status]]) });
  const served = hanging(550, 201);
  expect(judged(REFUSED, factsOf(), served)).toMatchObject({
    requests: [{ phase: '2', about: 'new' }],
    observed: 'during calls that hang: 0 requests refused, 1 not',
    evidence: [
      'they got 1 × 201',
      'the last of them was sent 0.55 s after SIGTERM',
      'measured: still accepted for 550 ms minus 500 ms of tolerance: 50 ms',
    ],
    verdict: 'FAIL',
  });
  expect(judged(REFUSED.slice(1), factsOf(), served)?.verdict).toBe('FAIL');
  expect(judged(REFUSED, factsOf(), hanging(450, 201))?.verdict).toBe('PASS');
  expect(judged(REFUSED, factsOf(), hanging(1_001, 201))?.verdict).toBe('PASS');
  expect(judged([...REFUSED, [2_550, 20, 500]], factsOf(), served)).toMatchObject({
    requests: [{ phase: '1', about: 'new' }],
    observed: '3 requests refused, 1 not',
  });
});

test('requests that are refused while calls hang do not prove that they are refused otherwise', () => {
  const refused = whileCallsHang('new', [
    [100, 503],
    [550, 503],
    [600, 503],
  ]);
  expect(judged(REFUSED.slice(1), factsOf(), { others: refused })?.verdict).toBe('INCONCLUSIVE');
});

test('too few requests prove nothing', () => {
  expect(judged(REFUSED.slice(1))?.verdict).toBe('INCONCLUSIVE');
  expect(
    judged([
      [2_100, 1, 0],
      [2_200, 1, 0],
      [2_300, 1, 0],
    ])?.verdict,
  ).toBe('INCONCLUSIVE');
  const beforehand: Call[] = [
    [1_800, 1, 0],
    [1_900, 1, 0],
    [2_510, 1, 0],
  ];
  expect(judged(beforehand)?.verdict).toBe('INCONCLUSIVE');
  expect(judged([[2_000, 1, 0], ...REFUSED.slice(1)])?.verdict).toBe('PASS');
  expect(judged(REFUSED, factsOf(), { signalled: false })?.verdict).toBe('INCONCLUSIVE');
});

test('nothing is judged without the promise', () => {
  expect(judged(REFUSED, WITHOUT)).toBeUndefined();
});
