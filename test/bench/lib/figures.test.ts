import { expect, test } from 'vitest';
import { type Figure, figureOf, figureTable, isMet, verdictOf } from '../../../bench/lib/figures.ts';
import { median } from '../../../harness/base/median.ts';

const figure = (value: number, bound?: Figure['bound']): Figure => ({
  what: 'throughput',
  of: 'x',
  unit: '',
  from: 'y',
  value,
  ...(bound && { bound }),
});

test('a bound is inclusive, and NaN misses it', () => {
  expect([0.89, 0.9, 1.2, Number.NaN].map((value) => isMet(figure(value, { atLeast: 0.9 })))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([0.29, 0.3, 0.31, Number.NaN].map((value) => isMet(figure(value, { atMost: 0.3 })))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isMet(figure(7))).toBe(true);
});

test('a median that misses its bound proves nothing if some rounds meet it', () => {
  const { value: _, ...about } = figure(0, { atLeast: 3 });
  expect(figureOf([2.4, 3.7, 2.9], about)).toMatchObject({
    value: 2.9,
    unsound: 'some rounds met the bound: 2.40 to 3.70',
  });
  expect(figureOf([2.4, 2.7, 2.9], about)).toEqual({ ...about, value: 2.7 });
  expect(figureOf([2.4, 3.7, 3.1], about)).toEqual({ ...about, value: 3.1 });
});

test('shows the bound of each figure and whether it was met', () => {
  expect(figureTable([figure(0.5, { atLeast: 0.9 })])).toMatch(/throughput │ x +│ 0\.50 +│ ≥ 0\.9 │ NO/);
  expect(figureTable([figure(1, { atLeast: 0.9 })])).toMatch(/1\.00 +│ ≥ 0\.9 │ yes/);
});

test('the result is FAIL if one bound is missed, and INCONCLUSIVE if a figure is unsound', () => {
  const [good, bad] = [figure(1, { atLeast: 0.9 }), figure(0.5, { atLeast: 0.9 })];
  const unsound = { ...bad, unsound: 'the machine was too busy' };
  expect([[good], [good, unsound], [bad, unsound]].map(verdictOf)).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL']);
  expect(figureTable([unsound])).toMatch(/│ \? +│ the machine was too busy/);
});

test('the median is the middle value, or the mean of the two middle values', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  expect(median([])).toBeNaN();
});
