import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../service/storage/connect.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { refusingPort } from '../../support/refusing-port.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres[Symbol.asyncDispose]());

test('retries until the server is available', async () => {
  await postgres.crash();
  let failures = 0;
  const connecting = connect(postgres.adminUrl, { patienceMs: 20_000, onFailure: () => (failures += 1) });
  await expect.poll(() => failures).toBeGreaterThan(0);
  await postgres.restart();
  const client = await connecting;
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test('gives up with the last error when the time is up', async () => {
  const waits: number[] = [];
  const url = `postgres://ada:hunter2@127.0.0.1:${await refusingPort()}/none`;
  const options = {
    patienceMs: 1000,
    random: () => 0,
    onFailure: (_error: unknown, waitMs: number) => waits.push(waitMs),
  };
  await expect(connect(url, options)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(waits).toEqual([200, 400]);
});

test("doesn't retry permanent errors", async () => {
  const url = new URL(postgres.adminUrl);
  url.password = 'wrong';
  const onFailure = () => expect.unreachable('it tried again');
  await expect(connect(url.href, { patienceMs: 20_000, onFailure })).rejects.toMatchObject({ code: '28P01' });
});
