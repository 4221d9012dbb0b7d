import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { type Clock, millisecondsUntil, wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import type { Limit } from '../config/limit-string.ts';
import { clientAddress } from '../http/client-address.ts';
import { inSequence } from '../http/in-sequence.ts';
import { FixedWindowStore } from './limit-stores/fixed-window-store.ts';

/**
 * Options for a rate limiter.
 *
 * - `createStore` creates the counter for one limit. Defaults to a {@link FixedWindowStore}.
 * - `storeFailure` determines what happens if a counter fails: `open` allows the request, and `closed` (default)
 *   rejects it with the store's error.
 * - `trustedHops` is the number of proxies in front of the service ({@link clientAddress}). Defaults to 0.
 */
export interface RateLimiterOptions {
  readonly limits: readonly Limit[];
  readonly clock: Clock;
  readonly createStore?: (limit: Limit) => Store;
  readonly storeFailure?: StoreFailure;
  readonly trustedHops?: number;
}

/** How requests are handled if the store fails. */
export type StoreFailure = 'open' | 'closed';

interface Counter {
  readonly limit: Limit;
  readonly store: Store;
}

type Window = { readonly key: string; readonly resetTime: Date | undefined };

/**
 * Creates the rate limiter for one endpoint. Each client (see {@link clientAddress}) gets as many requests per window
 * as all limits allow. Further requests fail with `rate_limited` and the number of seconds until the client is allowed
 * again. Each call creates new counters, so call it once per endpoint.
 */
export function createRateLimiter(options: RateLimiterOptions): RequestHandler {
  const { limits, clock, createStore = ({ windowMs }) => new FixedWindowStore(windowMs, clock) } = options;
  const counters = limits.map((limit): Counter => ({ limit, store: createStore(limit) }));
  // Check the longest window first: the headers describe the last limit that was checked, and clients pace themselves
  // by the shortest window.
  const inOrder = counters.toSorted((a, b) => b.limit.windowMs - a.limit.windowMs);
  return inSequence(inOrder.map((counter) => countRequests(counter, counters, options)));
}

/** Replaces the limiters if RATE_LIMIT_ENABLED is false. */
export const noRateLimit: RequestHandler = (_request, _response, next) => next();

function countRequests(counter: Counter, all: readonly Counter[], options: RateLimiterOptions): RequestHandler {
  const { storeFailure, trustedHops = 0 } = options;
  const { limit, store } = counter;
  return rateLimit({
    windowMs: limit.windowMs,
    limit: limit.amount,
    store,
    keyGenerator: (request) => clientAddress(request, trustedHops),
    passOnStoreError: storeFailure === 'open',
    // Draft 7 needs two headers. The previous draft needs four, and each header costs more than the counting.
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // The checks warn about X-Forwarded-For without a trusted proxy, which is ignored on purpose.
    validate: false,
    // The store reports its failures itself.
    logger: { warn: () => {}, error: () => {} },
    handler: async (request, _response, next) => {
      const window = (request as typeof request & { rateLimit: Window }).rateLimit;
      const others = all.filter((counted) => counted !== counter);
      const waitMs = Math.max(millisecondsUntil(window.resetTime), ...(await waitsOfUsedUp(window.key, others)));
      const message = `More than ${limit.amount} requests in ${limit.windowMs / 1000} seconds.`;
      next(new ServiceError('rate_limited', message, { retryAfterSeconds: wholeSeconds(waitMs) }));
    },
  });
}

/** Returns, for each limit, the milliseconds until the client's window ends, or 0 if the limit is not exhausted. */
function waitsOfUsedUp(key: string, counters: readonly Counter[]): Promise<number[]> {
  const waits = counters.map(async ({ limit, store }) => {
    const info = await store.get?.(key);
    return info && info.totalHits >= limit.amount ? millisecondsUntil(info.resetTime) : 0;
  });
  return Promise.all(waits);
}
