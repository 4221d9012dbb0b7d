import { postgresClient } from '../../postgres/client.ts';

/** A locked table. All queries on it wait until the lock is released. */
export interface TableLock {
  release(): Promise<void>;
}

/**
 * Maximum time to wait for the lock, in milliseconds. Without a limit, one of the service's open transactions could
 * block it forever.
 */
const LIMIT_MS = 20_000;

/**
 * Locks a table against any use, in a transaction that the administrator opens. Resolves when the lock is held.
 *
 * @throws The server's error, for example 42P01 if the table does not exist, or 55P03 if it could not be locked
 */
export async function lockTable(adminUrl: string, table: string): Promise<TableLock> {
  const client = postgresClient(adminUrl);
  client.on('error', () => {}); // a lost connection holds no lock
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LIMIT_MS}`);
    await client.query(`LOCK TABLE ${client.escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { release: () => client.end() };
}
