/**
 * Implements `make max-connections`. Sets `max_connections` on the server at DATABASE_URL to MAX (default 200). Refuses
 * to lower it. Requires a superuser. The change takes effect when the server is restarted. Exits with 2 if a setting is invalid and
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
  const max = read(process.env.MAX, now, await plannedMax(client));
  // ALTER SYSTEM does not support parameters. The value is a whole number, so interpolating it is safe.
  await client.query(`ALTER SYSTEM SET max_connections = ${max}`);
  return [
    `max_connections: ${now} now, ${max} after the server's next restart (a reload is not enough)`,
    `the service can then use ${max - reserved} connections: DATABASE_POOL_MAX × REPLICAS must be lower`,
  ].join('\n');
}

/** Returns the value after the next restart, as far as the configuration files and the role's rights show it. */
async function plannedMax(client: pg.Client): Promise<number> {
  const { rows: rights } = await client.query("SELECT has_table_privilege('pg_file_settings', 'SELECT') AS granted");
  if (!rights[0].granted) return 0;
  const { rows } = await client.query<{ max: number }>(
    "SELECT setting::int AS max FROM pg_file_settings WHERE name = 'max_connections' ORDER BY seqno DESC LIMIT 1",
  );
  return rows[0]?.max ?? 0;
}

function read(given: string | undefined, now: number, planned: number): number {
  const max = given ? Number(given) : USUAL;
  const least = Math.max(now, planned);
  if (/^\d*$/.test(given ?? '') && max >= least && max <= MOST) return max;
  const description = planned > now ? `the value after the next restart, ${now} now` : 'the current value';
  throw new UnusableSetting(
    `MAX=${given ?? max} is not allowed: it must be a whole number from ${least} (${description}) to ${MOST}`,
  );
}
