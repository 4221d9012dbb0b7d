import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { type Clock, wholeSeconds } from '../clock.ts';
import { ServiceError } from '../errors.ts';
import { FixedWindowStore } from './fixed-window-store.ts';
import type { Limit } from './limit-string.ts';

/** What a limiter is made of. `createStore` makes the counter of one limit; default {@link FixedWindowStore}. */
export interface RateLimiterOptions {
  readonly limits: readonly Limit[];
  readonly clock: Clock;
  readonly createStore?: (windowMs: number, clock: Clock) => Store;
}

interface Counter {
  readonly limit: Limit;
  readonly store: Store;
}

/**
 * A limiter for one endpoint: of each client (the socket's peer), admits as many requests a window as every limit
 * allows, refuses the rest with `rate_limited` and the seconds until this client is admitted again (specification R2).
 * Every call makes counters of its own, so a limiter is made once for an endpoint.
 */
export function createRateLimiter(options: RateLimiterOptions): RequestHandler {
  const { limits, clock, createStore = (windowMs) => new FixedWindowStore(windowMs, clock) } = options;
  const counters = limits.map((limit): Counter => ({ limit, store: createStore(limit.windowMs, clock) }));
  // The longest window first: the headers describe the last one asked, and the shortest is what a client has to pace by.
  const inOrder = counters.toSorted((a, b) => b.limit.windowMs - a.limit.windowMs);
  return inSequence(inOrder.map((counter) => countRequests(counter, counters, clock)));
}

/** Lets every request through: what `RATE_LIMIT_ENABLED=false` puts in a limiter's place. */
export const noRateLimit: RequestHandler = (_request, _response, next) => next();

function countRequests({ limit, store }: Counter, all: readonly Counter[], clock: Clock): RequestHandler {
  return rateLimit({
    windowMs: limit.windowMs,
    limit: limit.amount,
    store,
    standardHeaders: 'draft-6',
    legacyHeaders: false,
    // Its checks warn of X-Forwarded-For from behind an undeclared proxy, which is ignored here on purpose.
    validate: false,
    handler: async (request, _response, next) => {
      const { key } = (request as typeof request & { rateLimit: { key: string } }).rateLimit;
      const message = `More than ${limit.amount} requests in ${limit.windowMs / 1000} seconds.`;
      next(
        new ServiceError('rate_limited', message, { retryAfterSeconds: await secondsUntilAdmitted(key, all, clock) }),
      );
    },
  });
}

async function secondsUntilAdmitted(key: string, counters: readonly Counter[], clock: Clock): Promise<number> {
  const ends = counters.map(async ({ limit, store }) => {
    const info = await store.get?.(key);
    return info && info.totalHits >= limit.amount ? (info.resetTime?.getTime() ?? 0) : 0;
  });
  return wholeSeconds(Math.max(...(await Promise.all(ends))) - clock.now());
}

function inSequence(handlers: readonly RequestHandler[]): RequestHandler {
  return handlers.reduceRight<RequestHandler>(
    (rest, handler) => (request, response, next) =>
      handler(request, response, (error?: unknown) => (error ? next(error) : rest(request, response, next))),
    noRateLimit,
  );
}
