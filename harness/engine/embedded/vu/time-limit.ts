import type { Vu } from './vu.ts';

/** The clock is looked at once in so many turns of loops. */
const TURNS = 1_024;

/**
 * When a VU's function has to be over. Timers see to that where it lets go of the thread; a loop that never does asks
 * here, at each of its turns, and is ended by an exception.
 */
export class TimeLimit {
  readonly #vu: Vu;
  #at = Number.POSITIVE_INFINITY;
  #reason: Error | null = null;
  #turns = TURNS;

  constructor(vu: Vu) {
    this.#vu = vu;
  }

  /**
   * @param at Of performance.now().
   * @param reason What a function that is not over then fails with; null interrupts it.
   */
  set(at: number, reason: Error | null): void {
    this.#at = at;
    this.#reason = reason;
  }

  check(): void {
    this.#turns -= 1;
    if (this.#turns > 0) return;
    // A script may catch the exception and go on: then the next turn throws again.
    this.#turns = performance.now() < this.#at ? TURNS : 1;
    if (this.#turns > 1) return;
    if (this.#reason) this.#vu.loop.fail(this.#reason, false);
    else this.#vu.loop.interrupt();
    throw this.#reason ?? new Error('the iteration was interrupted');
  }
}
