import { createDatabase } from '../../harness/lab/postgres/database.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../harness/lab/postgres/embedded-process.ts';

/** A PostgreSQL server for tests. */
export interface TestPostgres extends EmbeddedPostgres {
  /**
   * Creates an empty database owned by its own ordinary role.
   *
   * @returns The role's URL.
   */
  createDatabase(): Promise<string>;
}

/** Starts a server, which takes about a second. `settings` are server settings such as `max_connections=20`. */
export async function startPostgres(...settings: readonly string[]): Promise<TestPostgres> {
  const server = await startEmbedded('for a test', settings);
  return { ...server, createDatabase: async () => (await createDatabase(server.adminUrl)).url };
}

let shared: Promise<TestPostgres> | undefined;

/**
 * Returns the server that all files of a worker share, and starts it for the first of them. It ends with the worker.
 * Use {@link startPostgres} if a test stops the server or needs settings.
 */
export function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres();
  return shared;
}

/**
 * Returns the environment of a command that uses this server. Scenarios on one server run one after another.
 */
export const usingSharedPostgres = async (): Promise<{ POSTGRES: string }> => ({
  POSTGRES: (await sharedPostgres()).adminUrl,
});
