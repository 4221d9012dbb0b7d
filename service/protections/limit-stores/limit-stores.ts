import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import type { Limit } from '../../config/limit-string.ts';
import type { Metrics } from '../../observability/metrics.ts';

/** Creates the rate limit stores. Each store counts in a fixed window that starts with a client's first hit. */
export interface LimitStores {
  /** @param name Identifies the limiter. It is the same in all replicas. */
  create(name: string, limit: Limit): Store;
  /** Closes the connections. */
  close(): Promise<void>;
}

/**
 * The stores that count requests for rate limits (RATE_LIMIT_STORE).
 *
 * - With `memory`, each replica counts separately. With `postgres`, all replicas count together.
 * - `timeoutMs` is the maximum time to count a hit before the store is considered to have failed.
 */
export interface LimitStoreSettings {
  readonly kind: 'memory' | 'postgres';
  readonly url: string;
  readonly timeoutMs: number;
}

export interface LimitStoreSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
