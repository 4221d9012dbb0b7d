import { expect, test } from 'vitest';
import { median } from '../../../harness/base/median.ts';
import { ratioOf } from '../../../harness/gate/statistics.ts';

test('the median of an even number of values is the mean of the middle two, and there is none without values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('three runs against three allow an interval with a tail of 5% on each side, and none with a smaller tail', () => {
  // Of the 20 possible orders of 3 and 3 values, one has all values of the first group before all of the second.
  expect(ratioOf([1, 2, 4], [10, 20, 40], 0.05)).toEqual({ estimate: expect.closeTo(10), low: 2.5, high: 40 });
  expect(ratioOf([1, 2, 4], [10, 20, 40], 0.049)).toBeUndefined();
});

test('a larger tail excludes more of the extreme ratios', () => {
  // P(U ≤ 1) = 2/20, which excludes one ratio on each side.
  expect(ratioOf([1, 2, 4], [10, 20, 40], 0.1)).toMatchObject({ low: 5, high: 20 });
});

test('an unchanged value is within the interval, whatever the unit', () => {
  const ratio = ratioOf([3, 1, 4, 1.5, 9], [2.6, 5, 3.5, 8, 9.7], 0.05);
  expect(ratio?.low).toBeLessThan(1);
  expect(ratio?.high).toBeGreaterThan(1);
  expect(ratioOf([0, 1, 2], [1, 2, 3], 0.05)).toBeUndefined();
});
