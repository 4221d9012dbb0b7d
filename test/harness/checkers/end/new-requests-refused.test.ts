import { expect, test } from 'vitest';
import { newRequestsRefused } from '../../../../harness/checkers/end/new-requests-refused.ts';
import { T0 } from '../../../support/history.ts';
import { type Ended, factsOf, historyOf, WITHOUT } from './endings.ts';

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
    observed: '3 requests refused, 0 not',
    verdict: 'PASS',
  });
  expect(judged(REFUSED.map(([after, ms]) => [after, ms, 503]))?.verdict).toBe('PASS');
});

test.each<[string, Call]>([
  ['serves one', [2_550, 20, 201]],
  ['answers one with an error', [2_550, 20, 500]],
  ['accepts one and gives no answer', [2_550, 100, 0, '1220']],
])('a service that %s fails', (_, call) => {
  expect(judged([...REFUSED, call])).toMatchObject({
    observed: '3 requests refused, 1 not',
    verdict: 'FAIL',
    evidence: [expect.stringMatching(/^they got 1 × /), 'the last of them was sent 0.55 s after SIGTERM'],
  });
});

test('requests may be served for half a second, and for the promised time', () => {
  expect(judged([[2_450, 20, 201], ...REFUSED])?.verdict).toBe('PASS');
  const drained: Call[] = [
    [3_450, 20, 201],
    [3_510, 1, 0],
    [3_560, 1, 0],
    [3_610, 1, 0],
  ];
  const exit = { at: T0 + 5_000 };
  expect(judged(drained, factsOf({ drainSeconds: 1 }), { exit })?.verdict).toBe('PASS');
  expect(judged(drained, factsOf(), { exit })?.verdict).toBe('FAIL');
});

test('the next process may serve, and the last moment of a process is not judged', () => {
  expect(judged([...REFUSED, [2_750, 20, 201]])?.verdict).toBe('PASS');
  expect(judged([...REFUSED, [2_650, 50, 0, '1220']])?.verdict).toBe('PASS');
  expect(judged([...REFUSED, [2_650, 20, 201]])?.verdict).toBe('FAIL');
});

test('a process that has exited before refuses as well', () => {
  expect(judged(REFUSED, factsOf(), { exit: { at: T0 + 2_050 } })?.verdict).toBe('PASS');
});

test('a process that has exited before it has to refuse requests keeps the promise', () => {
  const one: Call[] = [[2_100, 1, 0]];
  expect(judged(one, factsOf(), { exit: { at: T0 + 2_050 } })?.verdict).toBe('PASS');
  expect(judged(one, factsOf(), { exit: { at: T0 + 2_500 } })?.verdict).toBe('PASS');
  expect(judged(one, factsOf(), { exit: { at: T0 + 2_501 } })?.verdict).toBe('INCONCLUSIVE');
  expect(judged(one, factsOf({ drainSeconds: 1 }), { exit: { at: T0 + 3_400 } })?.verdict).toBe('PASS');
});

test('a service that exits soon shows in the meantime that it refuses requests', () => {
  expect(
    judged([
      [2_150, 1, 0],
      [2_300, 1, 0],
      [2_550, 1, 0],
    ])?.verdict,
  ).toBe('PASS');
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
  expect(judged(REFUSED, factsOf(), { signalled: false })?.verdict).toBe('INCONCLUSIVE');
});

test('nothing is judged without the promise', () => {
  expect(judged(REFUSED, WITHOUT)).toBeUndefined();
});
