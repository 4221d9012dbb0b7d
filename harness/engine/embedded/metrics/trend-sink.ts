import { percentile } from './percentile.ts';
import type { Sink } from './sink.ts';

/** Keeps every value, for its statistics. */
export class TrendSink implements Sink {
  readonly type = 'trend';
  readonly #values: number[] = [];
  #sorted: Float64Array | null = null;
  #sum = 0;

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  add(value: number): void {
    this.#values.push(value);
    this.#sum += value;
    this.#sorted = null;
  }

  aggregate(name: string): number | undefined {
    const sorted = this.#inOrder();
    switch (name) {
      case 'count':
        return sorted.length;
      case 'avg':
        return this.isEmpty ? 0 : this.#sum / sorted.length;
      case 'min':
        return sorted[0] ?? 0;
      case 'max':
        return sorted.at(-1) ?? 0;
      case 'med':
        return percentile(sorted, 50);
    }
    const percent = /^p\((\d+(?:\.\d+)?)\)$/.exec(name)?.[1];
    return percent === undefined ? undefined : percentile(sorted, Number(percent));
  }

  summaryNames(trendStats: readonly string[]): readonly string[] {
    return trendStats;
  }

  #inOrder(): Float64Array {
    this.#sorted ??= Float64Array.from(this.#values).sort();
    return this.#sorted;
  }
}
