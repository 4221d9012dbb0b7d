import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';

/** Backoff of new connections after consecutive failures. */
const RECONNECT: Backoff = { firstMs: 100, longestMs: 2000 };

/**
 * Limits the rate of new connections after a failure. Nobody connects until the backoff has passed; then one attempt is
 * made at a time, and the first success ends the backoff. This protects a server that is starting or has no free slot.
 */
export class Reconnection {
  readonly #clock: Clock;
  readonly #random: Random;
  #failures = 0;
  #closedUntil = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Milliseconds until the next attempt, or the maximum backoff while one is running; 0: connect now. */
  get waitMs(): number {
    return Math.min(RECONNECT.longestMs, Math.max(0, this.#closedUntil - this.#clock.now()));
  }

  /** Connects, and updates the backoff. After a failure, nobody else connects meanwhile. */
  async attempt<T>(connect: () => Promise<T>): Promise<T> {
    const failuresBefore = this.#failures;
    if (failuresBefore > 0) this.#closedUntil = Number.POSITIVE_INFINITY;
    try {
      const connection = await connect();
      this.#failures = 0;
      this.#closedUntil = 0;
      return connection;
    } catch (error) {
      // Concurrent attempts that fail count as one failure.
      if (this.#failures === failuresBefore) {
        this.#failures += 1;
        this.#closedUntil = this.#clock.now() + backoffMs(RECONNECT, this.#failures, this.#random);
      }
      throw error;
    }
  }
}
