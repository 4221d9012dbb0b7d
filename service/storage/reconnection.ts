import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';

/** What a new connection to the database waits for after failures in a row. */
const RECONNECT: Backoff = { firstMs: 100, longestMs: 2000 };

/**
 * Paces new connections to a server that refused one: until the backoff has passed nobody tries, then one does for all, and
 * the first that succeeds opens the way again. So a server that starts, or has no slot free, is not stormed.
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

  /** Milliseconds until a connection may be tried, or the most that it can be while one is being tried; 0: it may be now. */
  get waitMs(): number {
    return Math.min(RECONNECT.longestMs, Math.max(0, this.#closedUntil - this.#clock.now()));
  }

  /** Makes a connection, and learns from how that ends. While it is awaited after a failure, nobody else tries. */
  async attempt<T>(connect: () => Promise<T>): Promise<T> {
    const failuresBefore = this.#failures;
    if (failuresBefore > 0) this.#closedUntil = Number.POSITIVE_INFINITY;
    try {
      const connection = await connect();
      this.#failures = 0;
      this.#closedUntil = 0;
      return connection;
    } catch (error) {
      // Of attempts that were under way together, one failure says it all.
      if (this.#failures === failuresBefore) {
        this.#failures += 1;
        this.#closedUntil = this.#clock.now() + backoffMs(RECONNECT, this.#failures, this.#random);
      }
      throw error;
    }
  }
}
