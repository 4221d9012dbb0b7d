import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { type Clock, millisecondsUntil, wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import type { Limit } from '../config/limit-string.ts';
import { clientAddress } from '../http/client-address.ts';
import { inSequence } from '../http/in-sequence.ts';
import { FixedWindowStore } from './limit-stores/fixed-window-store.ts';

/**
 * What a limiter is made of. `createStore` makes the counter of one limit; default {@link FixedWindowStore}.
 * `storeFailure`: where a counter fails, `open` admits the request and `closed` (the default) refuses it with the store's
 * error. `trustedHops`: proxies before the service ({@link clientAddress}); default 0.
 */
export interface RateLimiterOptions {
  readonly limits: readonly Limit[];
  readonly clock: Clock;
  readonly createStore?: (limit: Limit) => Store;
  readonly storeFailure?: StoreFailure;
  readonly trustedHops?: number;
}

/** What becomes of a request that can't be counted. */
export type StoreFailure = 'open' | 'closed';

interface Counter {
  readonly limit: Limit;
  readonly store: Store;
}

type Window = { readonly key: string; readonly resetTime: Date | undefined };

/**
 * A limiter for one endpoint: of each client (see {@link clientAddress}), admits as many requests a window as every limit
 * allows, refuses the rest with `rate_limited` and the seconds until this client is admitted again (specification R2).
 * Every call makes counters of its own, so a limiter is made once for an endpoint.
 */
export function createRateLimiter(options: RateLimiterOptions): RequestHandler {
  const { limits, clock, createStore = ({ windowMs }) => new FixedWindowStore(windowMs, clock) } = options;
  const counters = limits.map((limit): Counter => ({ limit, store: createStore(limit) }));
  // The longest window first: the headers describe the last one asked, and the shortest is what a client has to pace by.
  const inOrder = counters.toSorted((a, b) => b.limit.windowMs - a.limit.windowMs);
  return inSequence(inOrder.map((counter) => countRequests(counter, counters, options)));
}

/** Lets every request through: what `RATE_LIMIT_ENABLED=false` puts in a limiter's place. */
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
    // Two headers of this draft say what the one before needed four for; each costs more than the counting.
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // Its checks warn of X-Forwarded-For from behind an undeclared proxy, which is ignored here on purpose.
    validate: false,
    // The store tells of its failures itself.
    logger: { warn: () => {}, error: () => {} },
    handler: async (request, _response, next) => {
      const window = (request as typeof request & { rateLimit: Window }).rateLimit;
      const others = all.filter((one) => one !== counter);
      const waitMs = Math.max(millisecondsUntil(window.resetTime), ...(await waitsOfUsedUp(window.key, others)));
      const message = `More than ${limit.amount} requests in ${limit.windowMs / 1000} seconds.`;
      next(new ServiceError('rate_limited', message, { retryAfterSeconds: wholeSeconds(waitMs) }));
    },
  });
}

/** Milliseconds until the windows of those limits end that this client has used up. */
function waitsOfUsedUp(key: string, counters: readonly Counter[]): Promise<number[]> {
  const waits = counters.map(async ({ limit, store }) => {
    const info = await store.get?.(key);
    return info && info.totalHits >= limit.amount ? millisecondsUntil(info.resetTime) : 0;
  });
  return Promise.all(waits);
}
