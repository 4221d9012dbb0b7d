import type { Clock } from '../../base/clock.ts';
import { FixedWindowStore } from './fixed-window-store.ts';
import type { LimitStoreSettings, LimitStoreSurroundings, LimitStores } from './limit-stores.ts';
import { LIMIT_STORE_CONNECTIONS, postgresLimitStores } from './postgres-limit-stores.ts';

/** Creates the configured stores. Never fails: if a store is unreachable, it fails when it is used. */
export function createLimitStores(settings: LimitStoreSettings, surroundings: LimitStoreSurroundings): LimitStores {
  if (settings.kind === 'postgres') return postgresLimitStores(settings, surroundings);
  return memoryLimitStores(surroundings.clock, () => surroundings.metrics.rateLimitOverflows.inc());
}

/** Returns how many PostgreSQL connections a replica's store needs in addition to the pool. */
export function limitStoreConnections({ kind }: Pick<LimitStoreSettings, 'kind'>): number {
  return kind === 'postgres' ? LIMIT_STORE_CONNECTIONS : 0;
}

/**
 * Creates stores in this process's memory.
 * @param onOverflow Called for each hit that is counted for more than one client.
 */
export function memoryLimitStores(clock: Clock, onOverflow?: () => void): LimitStores {
  return {
    create: (_name, { windowMs }) => new FixedWindowStore(windowMs, clock, onOverflow && { onOverflow }),
    close: async () => {},
  };
}
