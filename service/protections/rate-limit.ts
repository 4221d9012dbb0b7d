import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { type Clock, millisecondsUntil, wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import type { Limit } from '../config/limit-string.ts';
import { clientAddress } from '../http/client-address.ts';
import { inSequence } from '../http/in-sequence.ts';
import { FixedWindowStore } from './limit-stores/fixed-window-store.ts';

/**
 * Options of a limiter. `createStore`: creates the counter of one limit; default {@link FixedWindowStore}.
 * `storeFailure`: if a counter fails, `open` admits the request and `closed` (default) refuses it with the error of the
 * store. `trustedHops`: proxies in front of the service ({@link clientAddress}); default 0.
 */
export interface RateLimiterOptions {
  readonly limits: readonly Limit[];
  readonly clock: Clock;
  readonly createStore?: (limit: Limit) => Store;
  readonly storeFailure?: StoreFailure;
  readonly trustedHops?: number;
}

/** How to treat requests if the store fails. */
export type StoreFailure = 'open' | 'closed';

interface Counter {
  readonly limit: Limit;
  readonly store: Store;
}

type Window = { readonly key: string; readonly resetTime: Date | undefined };

/**
 * Creates the rate limiter of one endpoint. Each client (see {@link clientAddress}) gets as many requests per window as
 * all limits allow. Further requests fail with `rate_limited` and the seconds until the client is admitted again
 * (specification R2). Every call creates new counters, so call it once per endpoint.
 */
export function createRateLimiter(options: RateLimiterOptions): RequestHandler {
  const { limits, clock, createStore = ({ windowMs }) => new FixedWindowStore(windowMs, clock) } = options;
  const counters = limits.map((limit): Counter => ({ limit, store: createStore(limit) }));
  // Longest window first: the headers describe the last limit checked, and clients pace themselves by the shortest
  // window.
  const inOrder = counters.toSorted((a, b) => b.limit.windowMs - a.limit.windowMs);
  return inSequence(inOrder.map((counter) => countRequests(counter, counters, options)));
}

/** Used in place of a limiter if RATE_LIMIT_ENABLED is false. */
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
    // This draft needs two headers; the previous one needs four, and each header costs more than the counting.
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // The checks warn about X-Forwarded-For without a trusted proxy, which is ignored here on purpose.
    validate: false,
    // The store reports its failures itself.
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

/** Returns the milliseconds until the windows of the exhausted limits end for this client. */
function waitsOfUsedUp(key: string, counters: readonly Counter[]): Promise<number[]> {
  const waits = counters.map(async ({ limit, store }) => {
    const info = await store.get?.(key);
    return info && info.totalHits >= limit.amount ? millisecondsUntil(info.resetTime) : 0;
  });
  return Promise.all(waits);
}
