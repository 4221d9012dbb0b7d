import type { RequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import type { Limit } from './limit-string.ts';
import { createRateLimiter, noRateLimit } from './rate-limit.ts';

/** Everything that has a counter of its own: the endpoints, and all unknown paths together. */
export type Limited = 'conversationsEnd' | 'activitiesSuggest' | 'conversationsRead' | 'health' | 'metrics' | 'unknown';

/** One limiter for each counted thing. */
export type Limiters = Readonly<Record<Limited, RequestHandler>>;

/** The limits of specification R2: three endpoints have their own, the default holds for each of the others. */
export interface RateLimits {
  readonly enabled: boolean;
  readonly default: readonly Limit[];
  readonly conversationsEnd: readonly Limit[];
  readonly activitiesSuggest: readonly Limit[];
  readonly health: readonly Limit[];
}

/** Makes the limiters, each counting for itself: exhausting one leaves the others untouched. */
export function createLimiters(rateLimits: RateLimits, clock: Clock): Limiters {
  const limiter = (limits: readonly Limit[]) =>
    rateLimits.enabled ? createRateLimiter({ limits, clock }) : noRateLimit;
  return {
    conversationsEnd: limiter(rateLimits.conversationsEnd),
    activitiesSuggest: limiter(rateLimits.activitiesSuggest),
    conversationsRead: limiter(rateLimits.default),
    health: limiter(rateLimits.health),
    metrics: limiter(rateLimits.default),
    unknown: limiter(rateLimits.default),
  };
}
