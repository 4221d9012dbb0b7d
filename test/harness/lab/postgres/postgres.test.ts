import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeSlots } from '../../../../harness/lab/database-faults/lib/connection-slots.ts';
import { lockTable } from '../../../../harness/lab/database-faults/lib/table-lock.ts';
import { ConnectionSampler } from '../../../../harness/lab/postgres/connection-sampler.ts';
import { createDatabase } from '../../../../harness/lab/postgres/database.ts';
import { startPostgres } from '../../../../harness/lab/postgres/postgres.ts';
import type { Postgres } from '../../../../harness/lab/postgres/running-postgres.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { eventually } from '../../../support/eventually.ts';

const resources = new AsyncDisposableStack();
let server: Postgres;
beforeAll(async () => {
  const reaper = resources.use(new Reaper());
  server = resources.use(await startPostgres(process.env.POSTGRES ?? 'auto', reaper));
  console.log(`on ${server.description}`);
});
afterAll(() => resources.disposeAsync());

async function connect(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

test('gives each scenario its own database, owned by a plain role', async () => {
  await using database = await createDatabase(server.adminUrl);
  await using client = await connect(database.url);
  await client.query('CREATE TABLE events (id int)');
  const { rows } = await client.query('SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user');
  expect(rows).toEqual([{ rolsuper: false, rolcreatedb: false }]);
});

test('leaves no database and no role behind', async () => {
  const database = await createDatabase(server.adminUrl);
  await using left = await connect(database.url);
  await database[Symbol.asyncDispose]();
  await using admin = await connect(server.adminUrl);
  const { rows } = await admin.query(
    'SELECT datname AS name FROM pg_database UNION SELECT rolname FROM pg_roles ORDER BY name',
  );
  expect(rows.map(({ name }) => name)).not.toContain(database.role);
  await expect(left.query('SELECT 1')).rejects.toThrow();
});

test('a locked table makes queries wait until it is released', async () => {
  await using database = await createDatabase(server.adminUrl);
  await using client = await connect(database.url);
  await client.query('CREATE TABLE events (id int)');
  const lock = await lockTable(database.adminUrl, 'events');
  let answered = false;
  const query = client.query('SELECT * FROM events').then(() => {
    answered = true;
  });
  await using admin = await connect(database.adminUrl);
  await eventually(async () => {
    const { rows } = await admin.query(
      "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'",
      [database.role],
    );
    expect(rows[0].waiting).toBe(1);
  });
  expect(answered).toBe(false);
  await lock.release();
  await query;
  expect(answered).toBe(true);
});

test("a missing table can't be locked", async () => {
  await using database = await createDatabase(server.adminUrl);
  await expect(lockTable(database.adminUrl, 'nowhere')).rejects.toMatchObject({ code: '42P01' });
});

test('takes connection slots until a plain role can open only a given number', async () => {
  await using database = await createDatabase(server.adminUrl);
  const slots = await takeSlots(database.adminUrl, 2);
  await using open = new AsyncDisposableStack();
  open.use(await connect(database.url));
  open.use(await connect(database.url));
  await expect(connect(database.url)).rejects.toMatchObject({ code: '53300' });
  await slots.release();
  await eventually(async () => open.use(await connect(database.url)));
});

test('rejects leaving more slots than are free', async () => {
  await using database = await createDatabase(server.adminUrl);
  await expect(takeSlots(database.adminUrl, 10_000)).rejects.toThrow(/only \d+ connection slots are free/);
});

test('samples the number of backends of a role', async () => {
  await using database = await createDatabase(server.adminUrl);
  const totals = new Set<number>();
  await using _sampler = await ConnectionSampler.start(database, ({ total }) => {
    totals.add(total);
  });
  await eventually(() => expect(totals).toContain(0));
  await using _one = await connect(database.url);
  await using _two = await connect(database.url);
  await eventually(() => expect(totals).toContain(2));
});

/** Samples connections in a separate process, and prints the timers that are left when the sampler has stopped. */
const SAMPLE = `
const { ConnectionSampler } = await import(${JSON.stringify(resolve('harness/lab/postgres/connection-sampler.ts'))});
const sampler = await ConnectionSampler.start({ adminUrl: process.env.ADMIN_URL, role: 'none' }, () => {});
await sampler[Symbol.asyncDispose]();
console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout'));
`;

test('a sampler that has stopped leaves no timer behind that would keep its process running', async () => {
  const env = { ...process.env, ADMIN_URL: server.adminUrl };
  const script = ['--input-type=module', '--eval', SAMPLE];
  const { stdout } = await promisify(execFile)(process.execPath, script, { env });
  expect(stdout).toBe('[]\n');
});
