import type { ClientRateLimitInfo, Store } from 'express-rate-limit';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../clock.ts';
import { ServiceError } from '../../errors.ts';
import type { StoreHealth } from './store-health.ts';

const RETRY_AFTER_SECONDS = 1;

/** A store that all replicas count in, how long it may take, and what the first question has to wait for. */
export interface SharedWindowOptions {
  readonly limiter: RateLimiterAbstract;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly health: StoreHealth;
  readonly connected?: Promise<unknown>;
}

/**
 * express-rate-limit's view of one of rate-limiter-flexible's limiters.
 * Every method fails with ServiceError `rate_limit_store_unavailable` where the store fails or takes longer than `timeoutMs`.
 */
export class SharedWindowStore implements Store {
  readonly localKeys = false;
  readonly #options: SharedWindowOptions;

  constructor(options: SharedWindowOptions) {
    this.#options = options;
  }

  async increment(key: string): Promise<ClientRateLimitInfo> {
    const { limiter } = this.#options;
    const counted = await this.#ask(() => limiter.consume(key).catch(refusalAsResult));
    // What is refused from memory does not say how often it was asked for.
    const refused = counted.consumedPoints === 0 || counted.consumedPoints > limiter.points;
    return this.#info(refused ? Math.max(counted.consumedPoints, limiter.points + 1) : counted.consumedPoints, counted);
  }

  async get(key: string): Promise<ClientRateLimitInfo | undefined> {
    const counted = await this.#ask(() => this.#options.limiter.get(key));
    return counted ? this.#info(counted.consumedPoints, counted) : undefined;
  }

  async decrement(key: string): Promise<void> {
    await this.#ask(() => this.#options.limiter.reward(key));
  }

  async resetKey(key: string): Promise<void> {
    await this.#ask(() => this.#options.limiter.delete(key));
  }

  #info(totalHits: number, { msBeforeNext }: RateLimiterRes): ClientRateLimitInfo {
    return { totalHits, resetTime: new Date(this.#options.clock.now() + msBeforeNext) };
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const { timeoutMs, health, connected = Promise.resolve() } = this.#options;
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => deadline.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    try {
      const answer = await Promise.race([connected.then(question), deadline.promise]);
      health.succeeded();
      return answer;
    } catch (error) {
      health.failed(error);
      throw new ServiceError('rate_limit_store_unavailable', 'Requests cannot be counted now.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

// A limit that is used up is an answer, though the library rejects with it.
function refusalAsResult(rejection: unknown): RateLimiterRes {
  if (rejection instanceof RateLimiterRes) return rejection;
  throw rejection;
}
