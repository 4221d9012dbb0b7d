import pg from 'pg';
import { expect, test } from 'vitest';
import { forgetEndedWindows, postgresCounter } from '../../../../service/protections/limit-stores/postgres-counter.ts';
import { useDatabase } from '../../support/use-database.ts';

const server = useDatabase();

test('windows that ended are forgotten, and no other', async () => {
  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  const [short, long] = [postgresCounter(pool, 'short', 1), postgresCounter(pool, 'long', 60_000)];
  for (const key of ['ada', 'eve']) {
    await short.hit(key);
    await long.hit(key);
  }
  await pool.query('SELECT pg_sleep(0.01)');
  await forgetEndedWindows(pool);
  const { rows } = await pool.query<{ key: string }>('SELECT key FROM rate_limit_windows ORDER BY key');
  expect(rows.map(({ key }) => key)).toEqual(['long:ada', 'long:eve']);
  await pool.end();
});
