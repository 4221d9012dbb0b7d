import { startTimer } from '../base/exact-timer.ts';

/**
 * A deadline that is set again for every request and rarely missed. One timer serves all of them: if it fires early, it
 * is set again.
 */
export class Deadline {
  #at = 0;
  #onMissed: (() => void) | null = null;
  #firesAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  /**
   * Sets the deadline.
   *
   * @param at On the clock of performance.now().
   */
  set(at: number, onMissed: () => void): void {
    this.#at = at;
    this.#onMissed = onMissed;
    if (at < this.#firesAt) this.#arm();
  }

  /** Cancels the deadline, but keeps the timer. */
  clear(): void {
    this.#onMissed = null;
  }

  /** Stops the timer too. */
  dispose(): void {
    this.clear();
    this.#cancel();
    this.#firesAt = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    this.#cancel();
    this.#firesAt = this.#at;
    this.#cancel = startTimer(Math.max(0, this.#at - performance.now()), () => {
      this.#firesAt = Number.POSITIVE_INFINITY;
      if (!this.#onMissed) return;
      if (performance.now() < this.#at) this.#arm();
      else this.#onMissed();
    });
  }
}
