import { startTimer } from '../base/exact-timer.ts';

/**
 * A deadline that is set for request after request, and hardly ever met: one timer, which looks again when it fires early,
 * serves them all.
 */
export class Deadline {
  #at = 0;
  #onMissed: (() => void) | null = null;
  #firesAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  /**
   * Sets it anew.
   *
   * @param at Of performance.now().
   */
  set(at: number, onMissed: () => void): void {
    this.#at = at;
    this.#onMissed = onMissed;
    if (at < this.#firesAt) this.#arm();
  }

  /** What it was set for is done. */
  clear(): void {
    this.#onMissed = null;
  }

  /** Ends its timer as well. */
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
