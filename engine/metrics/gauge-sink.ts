import { epochNow } from '../base/epoch-clock.ts';
import type { Sink } from './sink.ts';

/** Keeps the latest, lowest and highest value. */
export class GaugeSink implements Sink {
  readonly type = 'gauge';
  isEmpty = true;
  #value = 0;
  /** When the latest value was recorded, in milliseconds since the Unix epoch, to compare threads. */
  #at = 0;
  #min = 0;
  #max = 0;

  add(value: number): void {
    this.#value = value;
    this.#at = epochNow();
    this.#min = this.isEmpty ? value : Math.min(this.#min, value);
    this.#max = this.isEmpty ? value : Math.max(this.#max, value);
    this.isEmpty = false;
  }

  take(): { value: number; at: number; min: number; max: number; isEmpty: boolean } {
    const taken = { value: this.#value, at: this.#at, min: this.#min, max: this.#max, isEmpty: this.isEmpty };
    this.isEmpty = true;
    return taken;
  }

  merge({ value, at, min, max, isEmpty }: ReturnType<GaugeSink['take']>): void {
    if (isEmpty) return;
    if (this.isEmpty || at >= this.#at) {
      this.#value = value;
      this.#at = at;
    }
    this.#min = this.isEmpty ? min : Math.min(this.#min, min);
    this.#max = this.isEmpty ? max : Math.max(this.#max, max);
    this.isEmpty = false;
  }

  aggregate(name: string): number | undefined {
    if (name === 'value') return this.#value;
    if (name === 'min') return this.#min;
    if (name === 'max') return this.#max;
    return undefined;
  }
}
