import type { Logger } from 'pino';
import type { Configuration } from '../config/load-configuration.ts';
import { limitStoreConnections } from '../protections/limit-stores/create-limit-stores.ts';
import { connect } from '../storage/connect.ts';
import { connectionShortage } from '../storage/connection-slots.ts';
import { migrate } from '../storage/migrate.ts';

/** Thrown if the database does not have enough connections for this replica. The message explains how to fix it. */
class DatabaseUnfitError extends Error {
  override readonly name = 'DatabaseUnfitError';
  readonly code = 'DATABASE_UNFIT';
}

/**
 * Prepares the database for this replica: waits until it is available, checks that it has enough connections for the
 * pools, and runs the migrations.
 * @throws DatabaseUnfitError in production if the pools need too many connections. In development, this is only a
 * warning.
 * @throws The error from the connection or the migration
 */
export async function prepareDatabase(
  configuration: Pick<Configuration, 'environment' | 'replicas' | 'database' | 'limitStore'>,
  logger: Logger,
): Promise<void> {
  const { environment, replicas, database, limitStore } = configuration;
  const client = await connect(database.url, {
    patienceMs: database.startTimeoutMs,
    onFailure: (error, waitMs) =>
      logger.warn({ err: error }, `the database is not available yet: retrying in ${Math.round(waitMs)} ms`),
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
