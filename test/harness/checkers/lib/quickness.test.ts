import { expect, test } from 'vitest';
import { judgeQuickness } from '../../../../harness/checkers/lib/quickness.ts';
import { request } from '../../../support/history.ts';

const took = (times: number[], status = 503) => times.map((ms) => request(0, ms, status, {}));
const judged = (quick: number[], slow: number[], noise = 0) =>
  judgeQuickness(took(quick), took(slow), {
    check: 'quick',
    requests: [],
    what: 'a call that waits',
    noise: () => noise,
  });

test.each<[string, string, number[], number[]]>([
  ['all within a quarter', 'PASS', [1, 99.9, 5], [400, 900]],
  ['the longest at a quarter', 'INCONCLUSIVE', [1, 100, 5], [400, 900]],
  ['the median just within', 'INCONCLUSIVE', [99, 300, 1], [400, 900]],
  ['the median at a quarter', 'FAIL', [100, 300, 1], [900, 400]],
  ['one of two slow', 'FAIL', [1, 100], [400]],
  ['only one, quick', 'PASS', [1], [400]],
  ['only one, slow', 'FAIL', [100], [400]],
  ['more than ten, by number and not by text', 'PASS', [9, 10, 11, 9, 80], [400]],
  ['none quick', 'INCONCLUSIVE', [], [400]],
  ['none slow', 'INCONCLUSIVE', [1], []],
])('judges times of %s: %s', (_, verdict, quick, slow) => {
  expect(judged(quick, slow).verdict).toBe(verdict);
});

test.each<[string, string, number[]]>([
  ['PASS', 'all within a quarter', [1, 99.9, 5]],
  ['INCONCLUSIVE', 'a median that the noise may have made longer', [100, 149.9, 149.9]],
  ['FAIL', 'a median that it can not have', [100, 150, 150]],
])('with 50 ms of noise: %s for %s', (verdict, _, quick) => {
  expect(judged(quick, [400], 50).verdict).toBe(verdict);
});

const nine = Array.from({ length: 9 }, () => 5);

test.each<[string, string, number[]]>([
  ['PASS', 'one in ten later by what may be noise', [...nine, 149.9]],
  ['INCONCLUSIVE', 'one in ten later than that', [...nine, 150]],
  ['INCONCLUSIVE', 'one in nine later by what may be noise', [...nine.slice(1), 149.9]],
  ['INCONCLUSIVE', 'two in eleven', [...nine, 149.9, 149.9]],
])('with 50 ms of noise: %s for the longest pause: %s', (verdict, _, quick) => {
  expect(judged(quick, [400], 50).verdict).toBe(verdict);
});

const many = Array.from({ length: 49 }, () => 5);

test.each<[string, string, number[]]>([
  ['PASS', 'one in fifty that took less than half', [...many, 199.9]],
  ['INCONCLUSIVE', 'one in fifty that took half', [...many, 200]],
  ['INCONCLUSIVE', 'one in forty-nine', [...many.slice(1), 199.9]],
  ['INCONCLUSIVE', 'two in fifty-one', [...many, 199.9, 199.9]],
  ['PASS', 'two in a hundred', [...many, ...many, 199.9, 199.9]],
])('if calls wait for 400 ms: %s for the longest pause: %s', (verdict, _, quick) => {
  expect(judged(quick, [400]).verdict).toBe(verdict);
});

test('a call without a response proves nothing', () => {
  const mixed = [...took([1, 2]), ...took([3], 0)];
  expect(judgeQuickness(mixed, took([400]), { check: 'quick', requests: [], what: 'x', noise: () => 0 }).verdict).toBe(
    'INCONCLUSIVE',
  );
});

test('reports the limit, the median, the maximum, and the number of calls', () => {
  expect(judged([3, 100, 2], [900, 600])).toMatchObject({
    check: 'quick',
    expected: 'each within a quarter of the time of a call that waits (150 ms)',
    observed: 'median 3.0 ms, longest 100.0 ms, of 3 calls',
  });
});

test('reports that there were no samples', () => {
  expect(judged([], [900]).observed).toBe('no samples');
  expect(judged([], [])).toMatchObject({
    verdict: 'INCONCLUSIVE',
    expected: expect.stringMatching(/^each within a quarter of the time of [^(]+$/),
  });
});
