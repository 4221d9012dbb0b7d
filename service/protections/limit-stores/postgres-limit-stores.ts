import pg from 'pg';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { forgetEndedWindows, postgresCounter } from './postgres-counter.ts';
import { SharedWindowStore } from './shared-window-store.ts';
import { StoreHealth } from './store-health.ts';

/**
 * Number of connections that the store uses in addition to the pool. They are separate, because
 * otherwise an exhausted pool would disable the rate limits when they are needed most.
 */
export const LIMIT_STORE_CONNECTIONS = 2;

const FORGET_ENDED_MS = 60_000;

/** Creates stores in the `rate_limit_windows` table. Windows are measured by the database server's clock. */
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
  // Without a listener, losing an idle connection would crash the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle connection of the rate limit store was lost'));
  const health = new StoreHealth(logger, metrics);
  const forgetting = setInterval(() => {
    forgetEndedWindows(pool).catch((error) =>
      logger.warn({ err: error }, 'ended rate limit windows could not be deleted'),
    );
  }, FORGET_ENDED_MS).unref();
  return {
    create(name, limit) {
      const counter = postgresCounter(pool, `rate-limit:${name}:${limit.windowMs}`, limit.windowMs);
      return new SharedWindowStore({ counter, limit, timeoutMs, clock, health });
    },
    async close() {
      clearInterval(forgetting);
      await pool.end();
    },
  };
}
