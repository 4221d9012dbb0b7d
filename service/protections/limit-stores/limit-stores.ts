import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import type { Limit } from '../../config/limit-string.ts';
import type { Metrics } from '../../observability/metrics.ts';

/**
 * Creates the stores of the rate limits. Each store counts in a fixed window that starts with the first hit of a
 * client.
 */
export interface LimitStores {
  /** @param name identifies the limiter; the same in every replica */
  create(name: string, limit: Limit): Store;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * RATE_LIMIT_STORE. `memory`: every replica counts separately. `postgres` and `redis`: all replicas count together.
 * `timeoutMs`: maximum time to count a hit before the store is considered failed.
 */
export interface LimitStoreSettings {
  readonly kind: 'memory' | 'postgres' | 'redis';
  readonly url: string;
  readonly timeoutMs: number;
}

export interface LimitStoreSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
