import { expect, test } from 'vitest';
import { notReadyAtEnd } from '../../../../harness/checkers/end/not-ready-at-end.ts';
import { T0 } from '../../../support/history.ts';
import { type Ended, factsOf, historyOf, WITHOUT, whileCallsHang } from './endings.ts';

type Call = [after: number, ms: number, status: number, code?: string];
const DOWN: Call[] = [
  [2_510, 1, 503],
  [2_560, 1, 503],
  [2_610, 1, 503],
];

/** Not ready from SIGTERM on. */
const AT_ONCE: Call[] = [[2_010, 1, 503], ...DOWN];
const DRAINED = factsOf({ drainSeconds: 1 });

/** Judges a service that should serve requests for a second after SIGTERM, and is not ready from 2,010 ms on. */
const drained = (load: Call[], given = DRAINED, exit = 4_000) =>
  notReadyAtEnd.judge(historyOf({ calls: { ready: AT_ONCE, load }, exit: { at: T0 + exit } }), given)[0];

const judged = (ready: Call[], others: Call[] = [], given = factsOf(), ended: Ended = {}) =>
  notReadyAtEnd.judge(historyOf({ calls: { ready, new: others }, ...ended }), given)[0];

test('a service that is not ready, or has closed its port, passes', () => {
  expect(judged(DOWN)).toMatchObject({
    check: 'not ready after SIGTERM: ready',
    requests: [{ phase: '1', about: 'ready' }],
    observed: 'ready 0 times, not ready 3 times',
    verdict: 'PASS',
  });
  expect(judged(DOWN.map(([after]) => [after, 1, 0]))?.verdict).toBe('PASS');
});

test('a service that is still ready fails', () => {
  expect(judged([...DOWN, [2_660, 1, 200]])).toMatchObject({
    observed: 'ready 1 time, not ready 3 times',
    verdict: 'FAIL',
    evidence: ['the last time 0.66 s after SIGTERM', 'measured: ready for 660 ms minus 500 ms of tolerance: 160 ms'],
  });
});

test('it may be ready for half a second, but not after new requests have been refused', () => {
  const ready: Call[] = [[2_400, 1, 200], ...DOWN];
  expect(judged(ready)).toMatchObject({
    evidence: ['measured: ready for 400 ms minus 500 ms of tolerance: 0.0 ms'],
    verdict: 'PASS',
  });
  expect(judged(ready, [[2_350, 1, 503]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_200, 1, 503]])).toMatchObject({
    verdict: 'FAIL',
    evidence: [
      expect.any(String),
      'measured: ready for 400 ms minus 300 ms of tolerance: 100 ms',
      'the first request was refused 0.20 s after SIGTERM',
    ],
  });
});

test('a request that was refused before SIGTERM, or was served, tells nothing about its end', () => {
  const ready: Call[] = [[2_400, 1, 200], ...DOWN];
  expect(judged(ready, [[1_900, 1, 503]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_200, 1, 201]])?.verdict).toBe('PASS');
  expect(judged(ready, [[2_000, 1, 503]])?.verdict).toBe('FAIL');
});

test('a service that is drained serves requests once it is not ready, and before it refuses others', () => {
  expect(drained([[2_300, 1, 503]])).toMatchObject({
    observed: 'ready 0 times, not ready 3 times',
    evidence: ['a request that was sent 0.30 s after SIGTERM was refused, and none was served once it was not ready'],
    verdict: 'FAIL',
  });
  expect(drained([[2_300, 1, 0]])?.verdict).toBe('FAIL');
  expect(
    drained([
      [2_300, 500, 201],
      [2_600, 1, 503],
    ])?.verdict,
  ).toBe('PASS');
  expect(drained([[2_300, 1, 503]], factsOf())?.verdict).toBe('PASS');
});

test('a request that was served before it was not ready, or by the next process, shows no time to react', () => {
  const refused: Call = [2_500, 1, 503];
  expect(drained([[2_009, 300, 201], refused])?.verdict).toBe('FAIL');
  expect(drained([[2_010, 300, 201], refused])?.verdict).toBe('PASS');
  expect(drained([refused, [2_700, 1, 201]], DRAINED, 2_700)?.verdict).toBe('FAIL');
});

test('a request that is refused when the time ends, or that was accepted before, is no early refusal', () => {
  expect(drained([[2_898, 1, 503]])?.verdict).toBe('FAIL');
  expect(drained([[2_899, 1, 503]])?.verdict).toBe('PASS');
  expect(drained([[2_500, 500, 503]])?.verdict).toBe('PASS');
  expect(drained([[2_300, 1, 500]])?.verdict).toBe('PASS');
});

test('the time ends with a request that is sent exactly then', () => {
  expect(judged([[2_499, 1, 200], ...DOWN])?.verdict).toBe('PASS');
  expect(judged([[2_500, 1, 200], ...DOWN])?.verdict).toBe('FAIL');
  const twice: Call[] = [[2_520, 1, 200], ...DOWN, [2_660, 1, 200]];
  expect(judged(twice)?.evidence).toContain('the last time 0.66 s after SIGTERM');
});

test('a request that is refused because calls hang does not mean that the service is ending', () => {
  const others = [...whileCallsHang('new', [[10, 503]]), ...whileCallsHang('ready', [[300, 200]])];
  expect(judged(DOWN, [], factsOf(), { others })?.verdict).toBe('PASS');
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
