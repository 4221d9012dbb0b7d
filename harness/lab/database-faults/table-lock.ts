import pg from 'pg';

/** A table that is held so that every query on it waits, until it is released. */
export interface TableLock {
  release(): Promise<void>;
}

/** Milliseconds that the lock is waited for: a transaction that the service has left open would keep it for ever. */
const LIMIT_MS = 20_000;

/**
 * Locks a table against every use, in a transaction of the administrator's own. Returns once the lock is held.
 *
 * @throws The server's error, such as 42P01 where there is no such table, or 55P03 where it could not be locked.
 */
export async function lockTable(adminUrl: string, table: string): Promise<TableLock> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {}); // a connection that is lost holds no lock
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
