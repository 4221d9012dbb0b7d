import type { Sink } from './sink.ts';

/** Adds values up. They may be negative (golden record 04). */
export class CounterSink implements Sink {
  readonly type = 'counter';
  isEmpty = true;
  #count = 0;

  add(value: number): void {
    this.isEmpty = false;
    this.#count += value;
  }

  aggregate(name: string, seconds: number): number | undefined {
    if (name === 'count') return this.#count;
    if (name === 'rate') return seconds > 0 ? this.#count / seconds : 0;
    return undefined;
  }

  summaryNames(): readonly string[] {
    return ['count', 'rate'];
  }
}
