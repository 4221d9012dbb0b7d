import type { Sink } from './sink.ts';

/** Sums values, which may be negative (golden record 04). */
export class CounterSink implements Sink {
  readonly type = 'counter';
  isEmpty = true;
  #count = 0;

  add(value: number): void {
    this.isEmpty = false;
    this.#count += value;
  }

  take(): { count: number; isEmpty: boolean } {
    const taken = { count: this.#count, isEmpty: this.isEmpty };
    this.#count = 0;
    this.isEmpty = true;
    return taken;
  }

  merge({ count, isEmpty }: ReturnType<CounterSink['take']>): void {
    if (!isEmpty) this.add(count);
  }

  aggregate(name: string, seconds: number): number | undefined {
    if (name === 'count') return this.#count;
    if (name === 'rate') return seconds > 0 ? this.#count / seconds : 0;
    return undefined;
  }
}
