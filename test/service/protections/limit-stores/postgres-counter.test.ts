import { expect, test } from 'vitest';
import { forgetEndedWindows, postgresCounter } from '../../../../service/protections/limit-stores/postgres-counter.ts';
import { connect } from '../../../../service/storage/connect.ts';
import { useDatabase } from '../../support/use-database.ts';

const server = useDatabase();

test('only deletes ended windows', async () => {
  const client = await connect(server.url, { patienceMs: 0 });
  const [short, long] = [postgresCounter(client, 'short', 1), postgresCounter(client, 'long', 60_000)];
  for (const key of ['ada', 'eve']) {
    await short.hit(key);
    await long.hit(key);
  }
  await client.query('SELECT pg_sleep(0.01)');
  await forgetEndedWindows(client);
  const { rows } = await client.query<{ key: string }>('SELECT key FROM rate_limit_windows ORDER BY key');
  expect(rows.map(({ key }) => key)).toEqual(['long:ada', 'long:eve']);
  await client.end();
});
