import type { Logger } from 'pino';
import type { Configuration } from '../config/load-configuration.ts';
import { limitStoreConnections } from '../protections/limit-stores/create-limit-stores.ts';
import { connect } from '../storage/connect.ts';
import { connectionShortage } from '../storage/connection-slots.ts';
import { migrate } from '../storage/migrate.ts';

/** The database as this replica needs it can't be had. The message says what to change. */
class DatabaseUnfitError extends Error {
  override readonly name = 'DatabaseUnfitError';
  readonly code = 'DATABASE_UNFIT';
}

/**
 * Gets the database ready for this replica: waits for it, checks that the pools fit the server's connections, and migrates.
 * @throws DatabaseUnfitError in production where the pools don't fit; elsewhere that is a warning
 * @throws what connecting, or a migration, failed with
 */
export async function prepareDatabase(
  configuration: Pick<Configuration, 'environment' | 'replicas' | 'database' | 'limitStore'>,
  logger: Logger,
): Promise<void> {
  const { environment, replicas, database, limitStore } = configuration;
  const client = await connect(database.url, {
    patienceMs: database.startTimeoutMs,
    onFailure: (error, waitMs) =>
      logger.warn({ err: error }, `the database is not there yet: trying again in ${Math.round(waitMs)} ms`),
  });
  try {
    const shortage = await connectionShortage(client, database.poolMax, replicas, limitStoreConnections(limitStore));
    if (shortage && environment === 'production') throw new DatabaseUnfitError(shortage);
    if (shortage) logger.warn(`⚠️ ${shortage}`);
    await migrate(client);
  } finally {
    await client.end().catch(() => {});
  }
}
