import { startTimer } from '../base/exact-timer.ts';

/**
 * A deadline that is reset for every request and rarely missed. All requests share one timer. If the timer fires too
 * early, it is restarted.
 */
export class Deadline {
  #at = 0;
  #onMissed: (() => void) | null = null;
  #firesAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  /**
   * Sets the deadline.
   *
   * @param at The deadline on the `performance.now()` clock.
   */
  set(at: number, onMissed: () => void): void {
    this.#at = at;
    this.#onMissed = onMissed;
    if (at < this.#firesAt) this.#arm();
  }

  /** Clears the deadline but keeps the timer. */
  clear(): void {
    this.#onMissed = null;
  }

  /** Clears the deadline and stops the timer. */
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
