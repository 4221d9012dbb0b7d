import { expect, test } from 'vitest';
import { median } from '../../../harness/base/median.ts';
import { ratioOfPairs } from '../../../harness/base/ratios.ts';
import { noise } from '../gate/noise.ts';

test('the median of an even number of values is the mean of the middle two, and there is none without values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

/** P(T ≤ t) for the sum of positive ranks of n pairs, by counting all 2ⁿ ways to give them signs. */
function atMost(t: number, n: number): number {
  const sums = Array.from({ length: 2 ** n }, (_, signs) =>
    Array.from({ length: n }, (_, rank) => ((signs >> rank) & 1) * (rank + 1)).reduce((sum, rank) => sum + rank, 0),
  );
  return sums.filter((sum) => sum <= t).length / sums.length;
}

test.each([4, 7, 10])('the interval of %i pairs leaves out as much as all ways to give ranks signs allow', (n) => {
  const draw = noise(n);
  const ratios = Array.from({ length: n }, () => Math.exp(draw()));
  const logs = ratios.map(Math.log);
  const means = logs.flatMap((log, i) => logs.slice(i).map((other) => (log + other) / 2)).sort((a, b) => a - b);
  for (const tail of [0.5 ** n, 0.03, 0.05, 0.1, 0.25]) {
    let beyond = -1;
    while (atMost(beyond + 1, n) <= tail) beyond += 1;
    const found = ratioOfPairs(ratios, tail);
    if (beyond < 0) expect(found).toBeUndefined();
    else {
      expect(Math.log(found?.low ?? 0)).toBeCloseTo(means[beyond] as number, 12);
      expect(Math.log(found?.high ?? 0)).toBeCloseTo(means.at(-1 - beyond) as number, 12);
    }
  }
});

test('five pairs that all agree allow a tail of 1/32, and none that is smaller', () => {
  expect(ratioOfPairs([2, 2, 2, 2, 2], 1 / 32)).toEqual({
    estimate: expect.closeTo(2),
    low: expect.closeTo(2),
    high: expect.closeTo(2),
  });
  expect(ratioOfPairs([2, 2, 2, 2, 2], 1 / 33)).toBeUndefined();
});

test.each([0.05, 0.01])(
  'an interval with a tail of %d is above the true ratio at most that often, also with ties',
  (tail) => {
    for (const step of [0, 0.02]) {
      let above = 0;
      for (let seed = 0; seed < 4_000; seed += 1) {
        const draw = noise(seed);
        const rounded = (log: number) => (step === 0 ? log : Math.round(log / step) * step);
        const ratio = ratioOfPairs(
          Array.from({ length: 12 }, () => Math.exp(rounded(0.02 * draw() ** 3))),
          tail,
        );
        if ((ratio?.low ?? 0) > 1) above += 1;
      }
      // Three standard errors.
      expect(above / 4_000).toBeLessThan(tail + 3 * Math.sqrt((tail * (1 - tail)) / 4_000));
    }
  },
);

test('pairs without a difference are no change, and a ratio of 0 is none', () => {
  expect(ratioOfPairs([1, 1, 1, 1, 1, 1, 1, 1], 0.01)).toEqual({ estimate: 1, low: 1, high: 1 });
  expect(ratioOfPairs([1, 0, 1, 1, 1], 0.05)).toBeUndefined();
});
