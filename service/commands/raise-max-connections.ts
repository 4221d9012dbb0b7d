/**
 * Implements `make max-connections`. Sets `max_connections` on the server at DATABASE_URL to MAX (default 200).
 * Requires a superuser. The change takes effect when the server is restarted. Exits with 2 if a setting is invalid and
 * with 1 if the command fails. To use psql instead, run `storage/increase_max_connections.sql`.
 */
import type pg from 'pg';
import { runDatabaseCommand, UnusableSetting } from './database-command.ts';

const USUAL = 200;
/** PostgreSQL's upper limit (MAX_BACKENDS). */
const MOST = 262_143;

await runDatabaseCommand(raise);

async function raise(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ now: number; reserved: number }>(`
    SELECT current_setting('max_connections')::int AS now,
           current_setting('superuser_reserved_connections')::int
             + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved`);
  const { now, reserved } = rows[0] as { now: number; reserved: number };
  const max = read(process.env.MAX, now);
  // ALTER SYSTEM does not support parameters. The value is a whole number, so interpolating it is safe.
  await client.query(`ALTER SYSTEM SET max_connections = ${max}`);
  return [
    `max_connections: ${now} now, ${max} after the server's next restart (a reload is not enough)`,
    `the service can then use ${max - reserved} connections: DATABASE_POOL_MAX × REPLICAS must be lower`,
  ].join('\n');
}

function read(given: string | undefined, now: number): number {
  const max = given ? Number(given) : USUAL;
  if (/^\d*$/.test(given ?? '') && max >= now && max <= MOST) return max;
  throw new UnusableSetting(
    `MAX=${given ?? max} is not allowed: it must be a whole number from ${now} (the current value) to ${MOST}`,
  );
}
