import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';

/** The backoff for new connections after consecutive failures. */
const RECONNECT: Backoff = { firstMs: 100, longestMs: 2000 };

/**
 * Limits the rate of new connections after a failure. No connection is attempted until the backoff has passed. Then one
 * attempt is made at a time, and the first success ends the backoff. This protects a server that is starting or has no
 * free connections.
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

  /**
   * Milliseconds until the next attempt. It is 0 if connecting is allowed now, and the maximum backoff while another
   * attempt is running.
   */
  get waitMs(): number {
    return Math.min(RECONNECT.longestMs, Math.max(0, this.#closedUntil - this.#clock.now()));
  }

  /** Connects and updates the backoff. After a failure, no other attempt is made during this one. */
  async attempt<T>(connect: () => Promise<T>): Promise<T> {
    const failuresBefore = this.#failures;
    if (failuresBefore > 0) this.#closedUntil = Number.POSITIVE_INFINITY;
    try {
      const connection = await connect();
      this.#failures = 0;
      this.#closedUntil = 0;
      return connection;
    } catch (error) {
      // Concurrent attempts that fail count as a single failure.
      if (this.#failures === failuresBefore) {
        this.#failures += 1;
        this.#closedUntil = this.#clock.now() + backoffMs(RECONNECT, this.#failures, this.#random);
      }
      throw error;
    }
  }
}
