/**
 * Raises max_connections of the server at DATABASE_URL to MAX (200; specification R1), as a superuser: `make max-connections`. In force
 * after the next restart of the server. Exits 2 if a setting can't be used, 1 if it fails. `storage/increase_max_connections.sql` is the
 * same for psql.
 */
import type pg from 'pg';
import { runDatabaseCommand, UnusableSetting } from './database-command.ts';

const USUAL = 200;
/** PostgreSQL's own limit (MAX_BACKENDS). */
const MOST = 262_143;

await runDatabaseCommand(raise);

async function raise(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ now: number; reserved: number }>(`
    SELECT current_setting('max_connections')::int AS now,
           current_setting('superuser_reserved_connections')::int
             + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved`);
  const { now, reserved } = rows[0] as { now: number; reserved: number };
  const max = read(process.env.MAX, now);
  // A utility statement takes no parameters; the value is a whole number.
  await client.query(`ALTER SYSTEM SET max_connections = ${max}`);
  return [
    `max_connections: ${now} now, ${max} after the server's next restart; a reload is not enough`,
    `then the service has ${max - reserved} slots: DATABASE_POOL_MAX × REPLICAS must be below that`,
  ].join('\n');
}

function read(given: string | undefined, now: number): number {
  const max = given ? Number(given) : USUAL;
  if (/^\d*$/.test(given ?? '') && max >= now && max <= MOST) return max;
  throw new UnusableSetting(
    `MAX=${given ?? max}: it can be a whole number from ${now} (what the server has now) to ${MOST}`,
  );
}
