import type { Sink } from './sink.ts';

/** Computes the fraction of non-zero values. */
export class RateSink implements Sink {
  readonly type = 'rate';
  #passes = 0;
  #total = 0;

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  add(value: number): void {
    this.#total += 1;
    if (value !== 0) this.#passes += 1;
  }

  take(): { passes: number; total: number } {
    const taken = { passes: this.#passes, total: this.#total };
    this.#passes = 0;
    this.#total = 0;
    return taken;
  }

  merge({ passes, total }: ReturnType<RateSink['take']>): void {
    this.#passes += passes;
    this.#total += total;
  }

  aggregate(name: string): number | undefined {
    if (name === 'rate') return this.isEmpty ? 0 : this.#passes / this.#total;
    if (name === 'passes') return this.#passes;
    if (name === 'fails') return this.#total - this.#passes;
    return undefined;
  }
}
