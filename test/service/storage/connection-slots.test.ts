import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionShortage } from '../../../service/storage/connection-slots.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';

let postgres: TestPostgres;
let client: pg.Client;

beforeAll(async () => {
  const settings = ['max_connections=20', 'superuser_reserved_connections=3', 'reserved_connections=2'];
  postgres = await startPostgres(...settings);
  client = new pg.Client(await postgres.createDatabase());
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await postgres[Symbol.asyncDispose]();
});

test.each([
  [14, 1],
  [7, 2],
])('pools of %i connections on %i replicas fit below 20 − 3 − 2', async (poolMax, replicas) => {
  expect(await connectionShortage(client, poolMax, replicas)).toBeUndefined();
});

test.each([
  [15, 1],
  [5, 3],
  [8, 2],
])("pools of %i connections on %i replicas don't fit", async (poolMax, replicas) => {
  const wanted = `${poolMax} × ${replicas} = ${poolMax * replicas} is not below the 15 connections`;
  expect(await connectionShortage(client, poolMax, replicas)).toContain(wanted);
});

test('includes the connections of the rate limit store', async () => {
  expect(await connectionShortage(client, 5, 2, 2)).toBeUndefined();
  expect(await connectionShortage(client, 6, 2, 2)).toContain(
    '(DATABASE_POOL_MAX + 2 of RATE_LIMIT_STORE) × REPLICAS = (6 + 2) × 2 = 16 is not below the 15 connections',
  );
});
