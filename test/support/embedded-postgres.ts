import { createDatabase } from '../../harness/lab/postgres/database.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../harness/lab/postgres/embedded-process.ts';

/** A PostgreSQL server of one test file's own. */
export interface TestPostgres extends EmbeddedPostgres {
  /** Makes an empty database, owned by a plain role of its own. @returns that role's URL */
  createDatabase(): Promise<string>;
}

/** Starts a server (about a second). `settings`: such as `max_connections=20`. */
export async function startPostgres(...settings: readonly string[]): Promise<TestPostgres> {
  const server = await startEmbedded('for a test', settings);
  return { ...server, createDatabase: async () => (await createDatabase(server.adminUrl)).url };
}
