import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import type { Limit } from '../../config/limit-string.ts';
import type { Metrics } from '../../observability/metrics.ts';

/** Where hits are counted. Each limit has a store of its own, which counts in a fixed window from a client's first hit. */
export interface LimitStores {
  /** @param name tells the counters of one limited thing from another's, in every replica alike */
  create(name: string, limit: Limit): Store;
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * RATE_LIMIT_STORE. `memory`: each replica counts for itself. A URL: `postgres` or `redis` counts for all replicas.
 * `timeoutMs`: how long a hit may take to be counted before the store is held to have failed.
 */
export interface LimitStoreSettings {
  readonly kind: 'memory' | 'postgres' | 'redis';
  readonly url: string;
  readonly timeoutMs: number;
}

/** What shared stores report to and measure by. */
export interface LimitStoreSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
