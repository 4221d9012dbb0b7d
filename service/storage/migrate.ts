import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
// An arbitrary number that is the same in all replicas.
const ADVISORY_LOCK = 7_024_611;

/**
 * Runs the migrations: applies the new files in `migrations/` in alphabetical order, each in its own transaction. An
 * advisory lock prevents replicas that start at the same time from migrating concurrently.
 * @param client A dedicated connection, which holds the lock until it is closed.
 * @returns The names of the applied files.
 * @throws The error of the failed statement. Its file is rolled back.
 */
export async function migrate(client: pg.Client): Promise<string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
  await createTable(client);
  const pending = await pendingMigrations(client);
  for (const name of pending) await apply(client, name);
  return pending;
}

// An up-to-date schema needs no write, so the service can start on a read-only database.
async function createTable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS exists",
  );
  if (rows[0]?.exists) return;
  await client.query(
    'CREATE TABLE schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  );
}

async function pendingMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map(({ name }) => name));
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).toSorted();
  return files.filter((name) => !applied.has(name));
}

async function apply(client: pg.Client, name: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(await readFile(new URL(name, MIGRATIONS), 'utf8'));
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
