import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { type Clock, dateIn } from '../../base/clock.ts';
import { ServiceError } from '../../base/errors.ts';
import type { Limit } from '../../config/limit-string.ts';
import type { StoreHealth } from './store-health.ts';

const RETRY_AFTER_SECONDS = 1;

/** Maximum number of clients to remember as rejected, about 100 bytes each. */
const REFUSED_MAX = 10_000;

/** A client's hits in its current window, and how many milliseconds are left in it. */
export interface Counted {
  readonly hits: number;
  readonly leftMs: number;
}

/**
 * One limit's counters on a server that all replicas share. Windows are measured by the server's clock. It may be set
 * back, so windows are never longer than the limit's own window.
 */
export interface SharedCounter {
  /** Counts a hit. The first hit starts the window. */
  hit(key: string): Promise<Counted>;
  peek(key: string): Promise<Counted | undefined>;
  takeBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Options for a {@link SharedWindowStore}. `timeoutMs` is the counter's timeout. */
export interface SharedWindowOptions {
  readonly counter: SharedCounter;
  readonly limit: Limit;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly health: StoreHealth;
}

/**
 * Adapts a shared counter to express-rate-limit. A client that exceeds its limit is rejected until its window ends,
 * without another call to the server. All methods fail with ServiceError `rate_limit_store_unavailable` if the server
 * fails or takes longer than `timeoutMs`.
 */
export class SharedWindowStore implements Store {
  readonly localKeys = false;
  readonly #options: SharedWindowOptions;
  readonly #refused: LRUCache<string, true>;

  constructor(options: SharedWindowOptions) {
    this.#options = options;
    this.#refused = new LRUCache({ max: REFUSED_MAX, ttlResolution: 0, perf: options.clock });
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    const { counter, limit } = this.#options;
    const refusedMs = this.#refused.getRemainingTTL(key);
    if (refusedMs > 0) return { totalHits: limit.amount + 1, resetTime: dateIn(refusedMs) };
    const counted = await this.#ask(() => counter.hit(key));
    if (counted.hits >= limit.amount && counted.leftMs > 0) this.#refused.set(key, true, { ttl: counted.leftMs });
    return describe(counted);
  }

  async get(key: string): Promise<ClientRateLimitInfo | undefined> {
    const counted = await this.#ask(() => this.#options.counter.peek(key));
    return counted && describe(counted);
  }

  async decrement(key: string): Promise<void> {
    await this.#ask(() => this.#options.counter.takeBack(key));
  }

  async resetKey(key: string): Promise<void> {
    this.#refused.delete(key);
    await this.#ask(() => this.#options.counter.forget(key));
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const { timeoutMs, health } = this.#options;
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => deadline.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const answer = await Promise.race([question(), deadline.promise]);
      health.succeeded();
      return answer;
    } catch (error) {
      health.failed(error);
      throw new ServiceError('rate_limit_store_unavailable', 'The store of the rate limits is unavailable.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

const describe = ({ hits, leftMs }: Counted): ClientRateLimitInfo => ({
  totalHits: hits,
  resetTime: dateIn(leftMs),
});
