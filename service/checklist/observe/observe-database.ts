import pg from 'pg';
import type { ServerSlots } from './observations.ts';
import { type Seen, seen } from './seen.ts';

const TIMEOUT_MS = 5000;

/** Reads the database server's connection settings, which any role may read. */
export async function observeDatabase(url: string | undefined): Promise<Seen<ServerSlots>> {
  if (!url) return { missing: 'DATABASE_URL is not set' };
  return seen(async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
    await client.connect();
    try {
      const { rows } = await client.query<ServerSlots>(
        `SELECT setting::int AS "maxConnections", boot_val::int AS "defaultMax",
                current_setting('superuser_reserved_connections')::int AS "superuserReserved",
                coalesce(current_setting('reserved_connections', true), '0')::int AS "reserved"
         FROM pg_settings WHERE name = 'max_connections'`,
      );
      return rows[0] as ServerSlots;
    } finally {
      await client.end();
    }
  });
}
