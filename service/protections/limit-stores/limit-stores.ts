import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { Metrics } from '../../metrics.ts';
import { FixedWindowStore } from '../fixed-window-store.ts';
import type { Limit } from '../limit-string.ts';
import { LIMIT_STORE_CONNECTIONS, postgresLimitStores } from './postgres-limit-stores.ts';
import { redisLimitStores } from './redis-limit-stores.ts';

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

/** Makes the stores that the settings ask for. Never fails: a store that can't be reached fails when it is asked. */
export function createLimitStores(settings: LimitStoreSettings, surroundings: LimitStoreSurroundings): LimitStores {
  switch (settings.kind) {
    case 'memory':
      return memoryLimitStores(surroundings.clock, () => surroundings.metrics.rateLimitOverflows.inc());
    case 'postgres':
      return postgresLimitStores(settings, surroundings);
    case 'redis':
      return redisLimitStores(settings, surroundings);
  }
}

/** Connections that a replica's counting takes from PostgreSQL, beside those of its pool (specification R1). */
export function limitStoreConnections({ kind }: Pick<LimitStoreSettings, 'kind'>): number {
  return kind === 'postgres' ? LIMIT_STORE_CONNECTIONS : 0;
}

/** Counters in this process. @param onOverflow told of each hit that is counted for more than one client */
export function memoryLimitStores(clock: Clock, onOverflow?: () => void): LimitStores {
  return {
    create: (_name, { windowMs }) => new FixedWindowStore(windowMs, clock, onOverflow && { onOverflow }),
    close: async () => {},
  };
}
