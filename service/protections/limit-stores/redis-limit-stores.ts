import { createClient } from '@redis/client';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { redisCounter } from './redis-counter.ts';
import { SharedWindowStore } from './shared-window-store.ts';
import { StoreHealth } from './store-health.ts';

const LONGEST_RECONNECT_DELAY_MS = 2000;
// A server that went silent is told from one that has nothing to say by a ping that it does not answer.
const PING_MS = 1000;
const SILENT_MS = 3000;
const COMMANDS_MAX = 10_000;

/** Counters in Redis, timed by its own clock; `rediss://` verifies its certificate. One connection, made again when lost. */
export function redisLimitStores(settings: LimitStoreSettings, surroundings: LimitStoreSurroundings): LimitStores {
  const { url, timeoutMs } = settings;
  const { clock, logger, metrics } = surroundings;
  const client = createClient({
    url,
    // While there is no connection, a hit fails at once.
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
  // Hits tell of the same failure; the listener keeps it from ending the process.
  client.on('error', (error) => logger.debug({ err: error }, 'the connection to the rate limit store failed'));
  // A service that has just started must not refuse its first requests for want of a connection; later ones fail at once.
  const connected = Promise.race(
    ['ready', 'error'].map((event) => new Promise((resolve) => client.once(event, resolve))),
  );
  client.connect().catch((error) => logger.debug({ err: error }, 'the rate limit store is given up'));
  return {
    create(name, limit) {
      const counter = redisCounter(client, `rate-limit:${name}:${limit.windowMs}`, limit.windowMs);
      return new SharedWindowStore({ counter, limit, timeoutMs, clock, health, connected });
    },
    close: async () => client.destroy(),
  };
}

/** Between a half and one: replicas that lost the store together come back one by one. */
const jitter = (): number => 0.5 + Math.random() / 2;
