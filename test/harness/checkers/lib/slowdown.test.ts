import { expect, test } from 'vitest';
import { judgeSlowdown } from '../../../../harness/checkers/lib/slowdown.ts';

const ABOUT = { check: 'as fast', requests: [], what: 'before', starvedMs: 0 };
const flat = (ms: number, n = 60): number[] => Array.from({ length: n }, () => ms);
/** A period whose six pieces have these medians. */
const pieces = (...medians: number[]): number[] => medians.flatMap((ms) => flat(ms, 10));
const CALM = { without: [flat(1)], with: flat(1) };

const verdict = (without: number[][], during: number[], control: typeof CALM = CALM) =>
  judgeSlowdown({ without, with: during }, control, ABOUT).verdict;

test('equal times hold, and the times are reported', () => {
  const finding = judgeSlowdown({ without: [flat(2), flat(2)], with: flat(2.2) }, CALM, ABOUT);
  expect(finding).toMatchObject({
    verdict: 'PASS',
    observed: '2.2 ms, 1.10 × 2.0 ms; noise up to 1.00 ×; slower in 0 of 6 pieces',
  });
});

test('up to 1.2 times as slow counts as equally fast', () => {
  expect(verdict([flat(10)], flat(12))).toBe('PASS');
  expect(verdict([flat(10)], flat(12.1))).toBe('FAIL');
});

test('a difference below the noise of the machine holds', () => {
  const noisy = pieces(10, 10, 10, 10, 10, 15);
  expect(verdict([noisy, flat(10)], flat(15))).toBe('PASS');
  expect(verdict([noisy, flat(10)], flat(15.1))).toBe('FAIL');
});

test('a machine that became slower is taken into account', () => {
  const control = { without: [flat(1), flat(1)], with: flat(2) };
  expect(verdict([flat(10)], flat(24), control)).toBe('PASS');
  expect(verdict([flat(10)], flat(24.1), control)).toBe('FAIL');
  // A control that became faster must not make the check stricter.
  expect(verdict([flat(10)], flat(12), { without: [flat(2)], with: flat(1) })).toBe('PASS');
});

test('times that were slower only in a part of the time are inconclusive', () => {
  expect(verdict([flat(10)], pieces(20, 20, 20, 20, 20, 10))).toBe('INCONCLUSIVE');
  expect(verdict([flat(10)], pieces(20, 20, 20, 20, 20, 12.1))).toBe('FAIL');
});

test('a slowdown by a factor of three and 5 ms is not excused by noise', () => {
  expect(verdict([pieces(10, 10, 10, 10, 10, 40)], flat(30))).toBe('PASS');
  expect(verdict([pieces(10, 10, 10, 10, 10, 40)], flat(30.1))).toBe('INCONCLUSIVE');
  expect(verdict([pieces(1, 1, 1, 1, 1, 8)], flat(6))).toBe('PASS');
  expect(verdict([pieces(1, 1, 1, 1, 1, 8)], flat(6.1))).toBe('INCONCLUSIVE');
  // The fastest piece is the least disturbed one.
  expect(verdict([pieces(6, 10, 10, 10, 10, 40)], flat(18))).toBe('PASS');
  expect(verdict([pieces(6, 10, 10, 10, 10, 40)], flat(18.1))).toBe('INCONCLUSIVE');
  // If it is as fast as before, noise doesn't matter.
  expect(verdict([pieces(10, 10, 10, 10, 10, 31)], flat(12))).toBe('PASS');
});

test('a difference of a millisecond is ignored', () => {
  expect(verdict([flat(0.5)], flat(1.5))).toBe('PASS');
  expect(verdict([flat(0.5)], flat(1.51))).toBe('FAIL');
});

test.each([
  ['nothing before', [], flat(10)],
  ['nothing meanwhile', [flat(10)], []],
  ['too few before', [flat(10), flat(10, 29)], flat(10)],
  ['too few meanwhile', [flat(10)], flat(10, 29)],
])('%s is INCONCLUSIVE', (_, without, during) => {
  expect(verdict(without, during)).toBe('INCONCLUSIVE');
});

test('the minimum number of durations is enough', () => {
  expect(verdict([flat(10, 30)], flat(10, 30))).toBe('PASS');
});

test('without a control, nothing fails', () => {
  expect(verdict([flat(10)], flat(90), { without: [], with: [] })).toBe('INCONCLUSIVE');
});

test('the average wait for a processor does not count as slower', () => {
  const verdictOf = (during: number[]) =>
    judgeSlowdown({ without: [flat(10)], with: during }, CALM, { ...ABOUT, starvedMs: 5 }).verdict;
  expect([verdictOf(flat(12)), verdictOf(flat(17)), verdictOf(flat(17.1))]).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL']);
});
