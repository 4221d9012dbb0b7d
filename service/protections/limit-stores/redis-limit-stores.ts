import { createRequire } from 'node:module';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { redisCounter } from './redis-counter.ts';
import { SharedWindowStore } from './shared-window-store.ts';
import { StoreHealth } from './store-health.ts';

const require = createRequire(import.meta.url);

const LONGEST_RECONNECT_DELAY_MS = 2000;
// Pings distinguish an unresponsive server from an idle connection.
const PING_MS = 1000;
const SILENT_MS = 3000;
const COMMANDS_MAX = 10_000;

/**
 * Creates stores in Redis. Windows are measured by the Redis server's clock. `rediss://` verifies the certificate. All
 * stores share one connection, which is reopened if it is lost.
 */
export function redisLimitStores(settings: LimitStoreSettings, surroundings: LimitStoreSurroundings): LimitStores {
  const { url, timeoutMs } = settings;
  const { clock, logger, metrics } = surroundings;
  // It has as many modules as the rest of the service together, and most services keep their limits elsewhere.
  const { createClient } = require('@redis/client') as typeof import('@redis/client');
  const client = createClient({
    url,
    // Without a connection, a hit fails immediately.
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMANDS_MAX,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: timeoutMs,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) => Math.min(LONGEST_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(retries, 10)) * jitter(),
    },
  });
  const health = new StoreHealth(logger, metrics);
  // Hits report the same failure. The listener prevents the error from crashing the process.
  client.on('error', (error) => logger.debug({ err: error }, 'the connection to the rate limit store failed'));
  // Right after the start, requests wait for the first connection instead of being rejected. Later they fail
  // immediately.
  const connected = Promise.race(
    ['ready', 'error'].map((event) => new Promise((resolve) => client.once(event, resolve))),
  );
  client.connect().catch((error) => logger.debug({ err: error }, 'the connection to the rate limit store was closed'));
  return {
    create(name, limit) {
      const counter = redisCounter(client, `rate-limit:${name}:${limit.windowMs}`, limit.windowMs);
      return new SharedWindowStore({ counter, limit, timeoutMs, clock, health, connected });
    },
    close: async () => client.destroy(),
  };
}

/**
 * Returns a random factor from 0.5 to 1, so that replicas that lost the store at the same time don't reconnect at the
 * same time.
 */
const jitter = (): number => 0.5 + Math.random() / 2;
