import { now } from '../base/clock.ts';
import type { HistoryEvent, Stall } from '../history/events.ts';

/** Milliseconds from which on each pause is worth an event of its own: a busy machine has shorter ones all the time. */
export const STALL_MS = 25;

/** Records pauses of one thing: each that is long, and at the end the longest of the others, so that a watch leaves a trace. */
export class StallLog implements Disposable {
  readonly #of: Stall['of'];
  readonly #record: (event: HistoryEvent) => void;
  #longest: Stall | undefined;

  constructor(of: Stall['of'], record: (event: HistoryEvent) => void) {
    this.#of = of;
    this.#record = record;
  }

  /** A pause of so many milliseconds, which is over now. */
  see = (ms: number): void => {
    const stall: Stall = { type: 'stall', at: now(), ms, of: this.#of };
    if (ms >= STALL_MS) this.#record(stall);
    else if (ms >= (this.#longest?.ms ?? 0)) this.#longest = stall;
  };

  [Symbol.dispose](): void {
    if (this.#longest) this.#record(this.#longest);
  }
}
