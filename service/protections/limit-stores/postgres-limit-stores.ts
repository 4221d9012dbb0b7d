import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { SharedWindowStore } from './shared-window-store.ts';
import { StoreHealth } from './store-health.ts';

/**
 * Connections that counting takes, beside those of the pool (specification R1). Its own: were they the pool's, a pool
 * that is used up would take the limits down with it, just when they are needed.
 */
export const LIMIT_STORE_CONNECTIONS = 2;

/** Counters in the table `rate_limit_windows`. The windows are timed by the replicas' clocks, which have to agree. */
export function postgresLimitStores(settings: LimitStoreSettings, surroundings: LimitStoreSurroundings): LimitStores {
  const { url, timeoutMs } = settings;
  const { clock, logger, metrics } = surroundings;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'conversation-service-limits',
    max: LIMIT_STORE_CONNECTIONS,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
  });
  // Without a listener, a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle connection of the rate limit store broke'));
  const health = new StoreHealth(logger, metrics);
  return {
    create(name, { amount, windowMs }) {
      const limiter = new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        tableName: 'rate_limit_windows',
        tableCreated: true,
        keyPrefix: `rate-limit:${name}:${windowMs}`,
        points: amount,
        duration: windowMs / 1000,
        // Refused once, refused until the window ends: no need to ask again.
        inMemoryBlockOnConsumed: amount,
      });
      return new SharedWindowStore({ limiter, timeoutMs, clock, health });
    },
    close: () => pool.end(),
  };
}
