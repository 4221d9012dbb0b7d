import { startTimer } from '../base/exact-timer.ts';

/** Learns that its deadline has passed. An object costs a request less than a new function. */
export interface DeadlineOwner {
  onMissed(): void;
}

/** A deadline that is reset for every request and rarely missed. All requests share one timer. */
export class Deadline {
  #at = 0;
  #owner: DeadlineOwner | null = null;
  #firesAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  /**
   * Sets the deadline.
   *
   * @param at The deadline on the `performance.now()` clock.
   */
  set(at: number, owner: DeadlineOwner): void {
    this.#at = at;
    this.#owner = owner;
    if (at < this.#firesAt) this.#arm();
  }

  /** Clears the deadline but keeps the timer. */
  clear(): void {
    this.#owner = null;
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
      if (!this.#owner) return;
      if (performance.now() < this.#at) this.#arm();
      else this.#owner.onMissed();
    });
  }
}
