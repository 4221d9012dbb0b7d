import { percentOf } from '../base/go-float.ts';
import type { Sink } from './sink.ts';
import { type Page, ValueHistogram } from './value-histogram.ts';

/** Maximum number of exact values. Beyond it, a single one affects only percentiles in the far tail. */
const MOST_EXACT = 10_000;

/** The data taken from a sink: all values, or histogram pages if there were too many. */
interface TakenTrend {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
  readonly pages: readonly Page[];
}

/**
 * Computes statistics in bounded memory. Results are exact for up to 10,000 values. Beyond that, percentiles are
 * accurate to within 0.1%, while count, average, minimum and maximum stay exact.
 */
export class TrendSink implements Sink {
  readonly type = 'trend';
  #values: number[] = [];
  #sorted: Float64Array | null = null;
  #histogram: ValueHistogram | null = null;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#put(value);
  }

  #put(value: number): void {
    if (this.#histogram) this.#histogram.add(value);
    else this.#keep(value);
  }

  take(): TakenTrend {
    const pages = this.#histogram?.takePages() ?? [];
    const taken = { count: this.#count, sum: this.#sum, min: this.#min, max: this.#max, values: this.#values, pages };
    this.#values = [];
    this.#sorted = null;
    this.#histogram = null;
    [this.#count, this.#sum, this.#min, this.#max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    return taken;
  }

  merge({ count, sum, min, max, values, pages }: TakenTrend): void {
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    if (pages.length > 0) this.#countInBuckets();
    for (const page of pages) this.#histogram?.mergePage(page);
    for (const value of values) this.#put(value);
  }

  aggregate(name: string): number | undefined {
    switch (name) {
      case 'count':
        return this.#count;
      case 'avg':
        return this.isEmpty ? 0 : this.#sum / this.#count;
      case 'min':
        return this.isEmpty ? 0 : this.#min;
      case 'max':
        return this.isEmpty ? 0 : this.#max;
      case 'med':
        return this.#percentile(50);
    }
    const percent = percentOf(name);
    return percent === undefined ? undefined : this.#percentile(percent);
  }

  #keep(value: number): void {
    this.#values.push(value);
    this.#sorted = null;
    if (this.#values.length >= MOST_EXACT) this.#countInBuckets();
  }

  #countInBuckets(): void {
    this.#histogram ??= new ValueHistogram();
    for (const kept of this.#values) this.#histogram.add(kept);
    this.#values = [];
    this.#sorted = null;
  }

  #percentile(percent: number): number {
    if (!this.#histogram) {
      this.#sorted ??= Float64Array.from(this.#values).sort();
      return percentile(this.#sorted, percent);
    }
    const rank = (Math.min(percent, 100) / 100) * (this.#count - 1);
    const [low = 0, high = low] = this.#histogram.valuesAt([Math.floor(rank), Math.ceil(rank)]);
    // A bucket's mean may lie outside the range if only one of its values remains.
    return Math.min(this.#max, Math.max(this.#min, low + (high - low) * (rank - Math.floor(rank))));
  }
}

/**
 * Returns a percentile by linear interpolation between the two nearest ranks, as k6 does for a Trend (golden record
 * 44).
 *
 * @param sorted Values in ascending order.
 * @param percent From 0 to 100.
 * @returns The percentile, or 0 if there are no values.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return 0;
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  const high = sorted[Math.ceil(rank)] ?? low;
  return low + (high - low) * (rank - Math.floor(rank));
}
