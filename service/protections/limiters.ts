import type { RequestHandler } from 'express';
import type { Clock } from '../base/clock.ts';
import type { Limit } from '../config/limit-string.ts';
import { memoryLimitStores } from './limit-stores/create-limit-stores.ts';
import type { LimitStores } from './limit-stores/limit-stores.ts';
import { createRateLimiter, noRateLimit, type StoreFailure } from './rate-limit.ts';

/** The endpoints, each with its own counter. All unknown paths share a single counter. */
export type Limited =
  | 'conversationsEnd'
  | 'activitiesSuggest'
  | 'conversationsRead'
  | 'health'
  | 'ready'
  | 'metrics'
  | 'openapi'
  | 'unknown';

export type Limiters = Readonly<Record<Limited, RequestHandler>>;

/**
 * The rate limits. Three endpoints have their own limit, and the default applies to each of the
 * others.
 *
 * - `storeFailure` determines what happens to requests if the store fails.
 * - `trustedHops` is the number of proxies in front of the service.
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

/** Creates the limiters. Each one counts separately, so exhausting one limit does not affect the others. */
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
    // These endpoints report the service's state. If the store fails, they must neither cause a restart nor hide the
    // reason.
    health: limiter('health', rateLimits.health, 'open'),
    ready: limiter('ready', rateLimits.default, 'open'),
    metrics: limiter('metrics', rateLimits.default, 'open'),
    openapi: limiter('openapi', rateLimits.default),
    unknown: limiter('unknown', rateLimits.default),
  };
}
