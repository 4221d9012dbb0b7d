import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile, TrendSink } from '../../../engine/metrics/trend-sink.ts';

const PERCENTS = [0, 25, 50, 90, 95, 99, 99.9, 100];

/** Creates a sink and adds all values to it, `times` times. */
function fed(values: readonly number[], times = 1): TrendSink {
  const sink = new TrendSink();
  for (let time = 0; time < times; time += 1) for (const value of values) sink.add(value);
  return sink;
}

test('is exact for a few thousand values', () => {
  const values = Array.from({ length: 9_999 }, (_, index) => ((index * 7_919) % 9_999) / 3);
  const sorted = values.toSorted((a, b) => a - b);
  const sink = fed(values);
  for (const percent of PERCENTS) expect(sink.aggregate(`p(${percent})`)).toBe(percentile(sorted, percent));
});

test('is within 0.1% for any number of values of any size and sign', () => {
  const anything = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 40 }), (values) => {
      const times = Math.ceil(20_000 / values.length);
      const sink = fed(values, times);
      const sorted = values.flatMap((value) => Array<number>(times).fill(value)).sort((a, b) => a - b);
      for (const percent of PERCENTS) {
        const exact = percentile(sorted, percent);
        // Between two values with different signs, both errors may add up.
        const rank = (percent / 100) * (sorted.length - 1);
        const around = [Math.floor(rank), Math.ceil(rank)].map((index) => Math.abs(sorted[index] ?? 0));
        const found = sink.aggregate(`p(${percent})`) as number;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.001 * Math.max(...around) + 1e-300);
      }
      expect(sink.aggregate('count')).toBe(sorted.length);
      // Positive and negative zero count as equal.
      expect(Number(sink.aggregate('min')) + 0).toBe(Math.min(...values) + 0);
      expect(Number(sink.aggregate('max')) + 0).toBe(Math.max(...values) + 0);
    }),
    { numRuns: 30 },
  );
});

test('is exact for few distinct values, however often they occur', () => {
  const sink = fed([0, 250, -3.5, 250], 10_000);
  expect(['p(10)', 'p(30)', 'med', 'p(99)', 'avg'].map((name) => sink.aggregate(name))).toEqual([
    -3.5, 0, 125, 250, 124.125,
  ]);
});

test('is within 0.1% for values that lie close together', () => {
  const values = Array.from({ length: 30_000 }, (_, index) => 1 + index / 10_000);
  const sink = fed(values);
  for (let tenth = 0; tenth <= 1_000; tenth += 1) {
    const percent = tenth / 10;
    const exact = percentile(values, percent);
    expect(Math.abs((sink.aggregate(`p(${percent})`) as number) / exact - 1)).toBeLessThan(0.001);
  }
});
