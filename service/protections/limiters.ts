import type { RequestHandler } from 'express';
import type { Clock } from '../base/clock.ts';
import type { Limit } from '../config/limit-string.ts';
import { memoryLimitStores } from './limit-stores/create-limit-stores.ts';
import type { LimitStores } from './limit-stores/limit-stores.ts';
import { createRateLimiter, noRateLimit, type StoreFailure } from './rate-limit.ts';

/** The endpoints, each with its own counter. All unknown paths share one. */
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

export type Limiters = Readonly<Record<Limited, RequestHandler>>;

/**
 * The limits of specification R2. Three endpoints have their own limit, and the default applies to each of the others.
 * `storeFailure`: how to treat requests if the store fails. `trustedHops`: number of proxies in front of the service.
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

/** Creates the limiters. Each counts separately, so exhausting one does not affect the others. */
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
    // These report the state of the service. A failing store must neither cause a restart nor hide the reason.
    health: limiter('health', rateLimits.health, 'open'),
    ready: limiter('ready', rateLimits.default, 'open'),
    metrics: limiter('metrics', rateLimits.default, 'open'),
    openapi: limiter('openapi', rateLimits.default),
    docs: limiter('docs', rateLimits.default),
    unknown: limiter('unknown', rateLimits.default),
  };
}
