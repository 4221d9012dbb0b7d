import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSink } from '../../../engine/metrics/metric.ts';
import { MetricRegistry } from '../../../engine/metrics/registry.ts';
import type { MetricType, Sink } from '../../../engine/metrics/sink.ts';
import { mergeMetrics, takeMetrics } from '../../../engine/workers/exchange-metrics.ts';

const AGGREGATES: Record<MetricType, readonly string[]> = {
  counter: ['count', 'rate'],
  gauge: ['value', 'min', 'max'],
  rate: ['rate', 'passes', 'fails'],
  trend: ['count', 'min', 'max', 'med', 'p(90)', 'p(99.9)'],
};

const valuesOf = (sink: Sink) => AGGREGATES[sink.type].map((name) => sink.aggregate(name, 10));

/** Use whole numbers, because sums of fractions depend on their order. */
const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 3, maxLength: 20 });

test.each(Object.keys(AGGREGATES) as MetricType[])(
  'a %s of several threads is the one that a single thread would have collected',
  (type) => {
    // Some threads have more values than a trend stores exactly, and some are sent in several parts.
    const times = fc.constantFrom(1, 4_000);
    fc.assert(
      fc.property(fc.array(fc.tuple(values, times), { minLength: 1, maxLength: 4 }), fc.boolean(), (threads, twice) => {
        const [single, merged] = [createSink(type), createSink(type)];
        for (const [list, repeats] of threads) {
          const sink = createSink(type);
          const feed = () => {
            for (let time = 0; time < repeats; time += 1) {
              for (const value of list) {
                single.add(value);
                sink.add(value);
              }
            }
            merged.merge(structuredClone(sink.take()));
            expect(sink.isEmpty).toBe(true);
          };
          feed();
          if (twice) feed();
          merged.merge(structuredClone(sink.take()));
        }
        expect(valuesOf(merged)).toEqual(valuesOf(single));
      }),
      { numRuns: 40 },
    );
  },
);

test('includes submetrics, and metrics declared in one thread only', () => {
  const [here, there] = [new MetricRegistry(), new MetricRegistry()];
  for (const registry of [here, there]) {
    registry.declare('orders', 'counter');
    registry.select('orders{region:eu}');
  }
  there.get('orders')?.sink.add(3);
  there.get('orders')?.submetrics[0]?.sink.add(2);
  there.declare('late', 'trend', 'time').sink.add(5);
  mergeMetrics(here, structuredClone(takeMetrics(there)));
  expect(here.get('orders')?.sink.aggregate('count', 1)).toBe(3);
  expect(here.select('orders{region:eu}')?.sink.aggregate('count', 1)).toBe(2);
  expect(here.get('late')).toMatchObject({ type: 'trend', contains: 'time' });
  expect(takeMetrics(there)).toEqual([]);
});
