import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../service/storage/migrate.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, 30_000);

afterAll(() => postgres[Symbol.asyncDispose]());

test('applies each file once, and records it', async () => {
  const url = await postgres.createDatabase();
  expect(await migrate(url)).toEqual(['001_conversation_events.sql']);
  expect(await migrate(url)).toEqual([]);
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT name FROM schema_migrations');
  await client.query('SELECT * FROM conversation_events');
  await client.end();
  expect(rows).toEqual([{ name: '001_conversation_events.sql' }]);
});

test('replicas that start together take turns', async () => {
  const url = await postgres.createDatabase();
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
  expect(applied.flat()).toEqual(['001_conversation_events.sql']);
});

test('fails where the database is not there', async () => {
  await expect(migrate('postgres://ada:hunter2@127.0.0.1:1/none')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
