import { now } from '../base/clock.ts';
import type { HistoryEvent, Stall } from '../history/events.ts';

/** Pauses of at least this many milliseconds are recorded individually. Shorter ones are normal on a busy machine. */
export const STALL_MS = 25;

/** Records each long pause, and finally the longest of the short ones, so that there is always at least one event. */
export class StallLog implements Disposable {
  readonly #of: Stall['of'];
  readonly #record: (event: HistoryEvent) => void;
  #longest: Stall | undefined;

  constructor(of: Stall['of'], record: (event: HistoryEvent) => void) {
    this.#of = of;
    this.#record = record;
  }

  /** Records a pause, in milliseconds, that has just ended. */
  see = (ms: number): void => {
    const stall: Stall = { type: 'stall', at: now(), ms, of: this.#of };
    if (ms >= STALL_MS) this.#record(stall);
    else if (ms >= (this.#longest?.ms ?? 0)) this.#longest = stall;
  };

  [Symbol.dispose](): void {
    if (this.#longest) this.#record(this.#longest);
  }
}
