import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { sharedPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { migrated } from '../support/migrated.ts';

const FILES = (await readdir('service/storage/migrations')).toSorted();

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await sharedPostgres();
});

test('applies each file once, and records it', async () => {
  const url = await postgres.createDatabase();
  expect(await migrated(url)).toEqual(FILES);
  expect(await migrated(url)).toEqual([]);
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT name FROM schema_migrations');
  await client.query('SELECT * FROM conversation_events');
  await client.end();
  expect(rows).toEqual(FILES.map((name) => ({ name })));
});

test('replicas that start together take turns', async () => {
  const url = await postgres.createDatabase();
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrated(url)));
  expect(applied.flat()).toEqual(FILES);
});

test('moves duplicates to another table, and keeps the first of each', async () => {
  const client = new pg.Client(await postgres.createDatabase());
  await client.connect();
  await client.query(await readFile('service/storage/migrations/001_conversation_events.sql', 'utf8'));
  await client.query(`INSERT INTO conversation_events (conversation_id, user_id, messages, analysis, memory_event_id)
    VALUES ('c-1', 'ada', '[]', 'first', 'm'), ('c-1', 'ada', '[]', 'second', 'm'), ('c-1', 'bob', '[]', 'his', 'm'),
           ('c-1', 'ada', '[]', 'third', 'm')`);
  await client.query(await readFile('service/storage/migrations/002_pending_events.sql', 'utf8'));
  const analyses = async (table: string) =>
    (await client.query(`SELECT analysis FROM ${table} ORDER BY id`)).rows.map(({ analysis }) => analysis);
  expect(await analyses('conversation_events')).toEqual(['first', 'his']);
  expect(await analyses('conversation_events_set_aside')).toEqual(['second', 'third']);
  await client.end();
});
