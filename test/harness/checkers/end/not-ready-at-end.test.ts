import { expect, test } from 'vitest';
import { notReadyAtEnd } from '../../../../harness/checkers/end/not-ready-at-end.ts';
import { type Ended, factsOf, historyOf, WITHOUT } from './endings.ts';

type Call = [after: number, ms: number, status: number, code?: string];
const DOWN: Call[] = [
  [2_510, 1, 503],
  [2_560, 1, 503],
  [2_610, 1, 503],
];

const judged = (ready: Call[], others: Call[] = [], given = factsOf(), ended: Ended = {}) =>
  notReadyAtEnd.judge(historyOf({ calls: { ready, new: others }, ...ended }), given)[0];

test('a service that is not ready, or has closed its port, passes', () => {
  expect(judged(DOWN)).toMatchObject({
    check: 'not ready after SIGTERM: ready',
    requests: [{ phase: 'terminated by SIGTERM', about: 'ready' }],
    observed: 'ready 0 times, not ready 3 times',
    verdict: 'PASS',
  });
  expect(judged(DOWN.map(([after]) => [after, 1, 0]))?.verdict).toBe('PASS');
});

test('a service that is still ready fails', () => {
  expect(judged([...DOWN, [2_660, 1, 200]])).toMatchObject({
    observed: 'ready 1 time, not ready 3 times',
    verdict: 'FAIL',
    evidence: ['the last time 0.66 s after SIGTERM'],
  });
});

test('it may be ready for half a second, but not after new requests have been refused', () => {
  const ready: Call[] = [[2_400, 1, 200], ...DOWN];
  expect(judged(ready)?.verdict).toBe('PASS');
  expect(judged(ready, [[2_350, 1, 503]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_200, 1, 503]])).toMatchObject({
    verdict: 'FAIL',
    evidence: [expect.any(String), 'the first request was refused 0.20 s after SIGTERM'],
  });
});

test('a request that was refused before SIGTERM, or was served, tells nothing about its end', () => {
  const ready: Call[] = [[2_400, 1, 200], ...DOWN];
  expect(judged(ready, [[1_900, 1, 503]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_200, 1, 201]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_000, 1, 503]])?.verdict).toBe('FAIL');
});

test('the time ends with a request that is sent exactly then', () => {
  expect(judged([[2_499, 1, 200], ...DOWN])?.verdict).toBe('PASS');
  expect(judged([[2_500, 1, 200], ...DOWN])?.verdict).toBe('FAIL');
  const twice: Call[] = [[2_520, 1, 200], ...DOWN, [2_660, 1, 200]];
  expect(judged(twice)?.evidence).toEqual(['the last time 0.66 s after SIGTERM']);
});

test('the next process may be ready', () => {
  expect(judged([...DOWN, [2_750, 1, 200]])?.verdict).toBe('PASS');
});

test('too few requests prove nothing', () => {
  expect(judged(DOWN.slice(1))?.verdict).toBe('INCONCLUSIVE');
  expect(judged([...DOWN.slice(1), [2_660, 1, 0, '1101']])?.verdict).toBe('INCONCLUSIVE');
  expect(judged(DOWN, [], factsOf(), { signalled: false })?.verdict).toBe('INCONCLUSIVE');
});

test('nothing is judged without the promise, or without such an endpoint', () => {
  expect(judged(DOWN, [], WITHOUT)).toBeUndefined();
  expect(judged(DOWN, [], factsOf({ ready: undefined }))).toBeUndefined();
});
