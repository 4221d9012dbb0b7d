import { z } from 'zod';
import { createSink, type MetricType } from '../../engine/index.ts';

/**
 * The line that the bundle writes when k6 has ended: the summary of all samples of the instance, by k6's own count.
 * `--summary-trend-stats` adds the number of samples to each Trend.
 */
export const totals = z.object({
  type: z.literal('Totals'),
  run: z.string(),
  metrics: z.record(
    z.string(),
    z.object({
      type: z.enum(['counter', 'gauge', 'rate', 'trend']),
      values: z.record(z.string(), z.number().nullable()),
    }),
  ),
});

export type Totals = z.output<typeof totals>;

/** The values to compare, by type of metric. The others follow from these, or depend on the duration. */
const COMPARED: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count'],
  gauge: ['value', 'min', 'max'],
  rate: ['passes', 'fails'],
  trend: ['count'],
};

/** Sums an instance's samples by metric, to compare them with k6's totals. */
export class SampleSums {
  readonly #sinks = new Map<string, ReturnType<typeof createSink>>();

  add(name: string, type: MetricType, value: number): void {
    let sink = this.#sinks.get(name);
    if (sink === undefined) {
      sink = createSink(type === 'trend' ? 'counter' : type);
      this.#sinks.set(name, sink);
    }
    // Only the number of a Trend's samples is compared.
    sink.add(type === 'trend' ? 1 : value);
  }

  /**
   * Returns how the samples differ from k6's totals, one for each metric. A submetric is compared only if both have it,
   * because k6 adds some that no threshold names.
   */
  differences({ metrics }: Totals): Difference[] {
    const isCompared = (name: string) => !name.includes('{') || (name in metrics && this.#sinks.has(name));
    return [...new Set([...Object.keys(metrics), ...this.#sinks.keys()])].filter(isCompared).flatMap((name) => {
      const total = metrics[name];
      const sink = this.#sinks.get(name);
      const pairs = COMPARED[total?.type ?? sink?.type ?? 'counter'].map((key) => ({
        key,
        had: total?.values[key],
        has: sink?.aggregate(key, 1),
      }));
      const different = pairs.filter(({ had, has }) => !isSame(had, has));
      if (different.length === 0) return [];
      const texts = different.map(({ key, had, has }) => `${key} ${has ?? 'none'} instead of ${had ?? 'none'}`);
      return [
        { text: `${name}: ${texts.join(', ')}`, isMore: different.some(({ had, has }) => (has ?? 0) > (had ?? 0)) },
      ];
    });
  }
}

/** How the samples of a metric differ from k6's totals, and whether they have more. */
interface Difference {
  readonly text: string;
  readonly isMore: boolean;
}

/** Sums of fractions may differ in their last digits if several threads added them. */
const isSame = (a: number | null | undefined, b: number | undefined): boolean =>
  typeof a === 'number' && b !== undefined && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
