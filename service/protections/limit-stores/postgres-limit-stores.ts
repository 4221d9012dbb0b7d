import pg from 'pg';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { forgetEndedWindows, postgresCounter } from './postgres-counter.ts';
import { SharedWindowStore } from './shared-window-store.ts';
import { StoreHealth } from './store-health.ts';

/**
 * Connections that counting takes, beside those of the pool (specification R1). Its own: were they the pool's, a pool
 * that is used up would take the limits down with it, just when they are needed.
 */
export const LIMIT_STORE_CONNECTIONS = 2;

const FORGET_ENDED_MS = 60_000;

/** Counters in the table `rate_limit_windows`. The windows are timed by the database server's clock. */
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
  const forgetting = setInterval(() => {
    forgetEndedWindows(pool).catch((error) => logger.warn({ err: error }, 'ended windows could not be forgotten'));
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
