import type { RequestHandler } from 'express';
import type { Clock } from '../base/clock.ts';
import type { Limit } from '../config/limit-string.ts';
import { memoryLimitStores } from './limit-stores/create-limit-stores.ts';
import type { LimitStores } from './limit-stores/limit-stores.ts';
import { createRateLimiter, noRateLimit, type StoreFailure } from './rate-limit.ts';

/** Everything that has a counter of its own: the endpoints, and all unknown paths together. */
export type Limited =
  | 'conversationsEnd'
  | 'activitiesSuggest'
  | 'conversationsRead'
  | 'health'
  | 'ready'
  | 'metrics'
  | 'openapi'
  | 'docs'
  | 'unknown';

/** One limiter for each counted thing. */
export type Limiters = Readonly<Record<Limited, RequestHandler>>;

/**
 * The limits of specification R2: three endpoints have their own, the default holds for each of the others; what becomes of
 * requests that can't be counted; and how many proxies stand before the service.
 */
export interface RateLimits {
  readonly enabled: boolean;
  readonly default: readonly Limit[];
  readonly conversationsEnd: readonly Limit[];
  readonly activitiesSuggest: readonly Limit[];
  readonly health: readonly Limit[];
  readonly storeFailure: StoreFailure;
  readonly trustedHops: number;
}

/** Makes the limiters, each counting for itself: exhausting one leaves the others untouched. */
export function createLimiters(
  rateLimits: RateLimits,
  clock: Clock,
  stores: LimitStores = memoryLimitStores(clock),
): Limiters {
  const { enabled, trustedHops } = rateLimits;
  const limiter = (name: Limited, limits: readonly Limit[], storeFailure = rateLimits.storeFailure) => {
    if (!enabled) return noRateLimit;
    const createStore = (limit: Limit) => stores.create(name, limit);
    return createRateLimiter({ limits, clock, createStore, storeFailure, trustedHops });
  };
  return {
    conversationsEnd: limiter('conversationsEnd', rateLimits.conversationsEnd),
    activitiesSuggest: limiter('activitiesSuggest', rateLimits.activitiesSuggest),
    conversationsRead: limiter('conversationsRead', rateLimits.default),
    // These speak of the service's own state: a store that fails must not have it restarted, nor hide why.
    health: limiter('health', rateLimits.health, 'open'),
    ready: limiter('ready', rateLimits.default, 'open'),
    metrics: limiter('metrics', rateLimits.default, 'open'),
    openapi: limiter('openapi', rateLimits.default),
    docs: limiter('docs', rateLimits.default),
    unknown: limiter('unknown', rateLimits.default),
  };
}
