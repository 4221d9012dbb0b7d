import type { Sink } from './sink.ts';

/** Keeps the latest value, and the lowest and highest that were seen. */
export class GaugeSink implements Sink {
  readonly type = 'gauge';
  isEmpty = true;
  #value = 0;
  #min = 0;
  #max = 0;

  add(value: number): void {
    this.#value = value;
    this.#min = this.isEmpty ? value : Math.min(this.#min, value);
    this.#max = this.isEmpty ? value : Math.max(this.#max, value);
    this.isEmpty = false;
  }

  aggregate(name: string): number | undefined {
    if (name === 'value') return this.#value;
    if (name === 'min') return this.#min;
    if (name === 'max') return this.#max;
    return undefined;
  }

  summaryNames(): readonly string[] {
    return ['value', 'min', 'max'];
  }
}
