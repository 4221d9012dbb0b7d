import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../service/storage/connect.ts';
import { connectionShortage } from '../../../service/storage/connection-slots.ts';
import { startPostgres, type TestPostgres } from '../../support/embedded-postgres.ts';
import { ServiceProcess } from '../support/service-process.ts';

const run = promisify(execFile);

/** An ordinary role can use 17 of the 20 connections. */
const start = () => startPostgres('max_connections=20');

const raise = (url: string, max = '60') =>
  run('make', ['--no-print-directory', 'max-connections'], { env: { ...process.env, DATABASE_URL: url, MAX: max } });

const restart = async (postgres: TestPostgres) => (await postgres.server?.stop())?.();

async function onServer<T>(url: string, act: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
  const client = await connect(url, { patienceMs: 0 });
  return act(client).finally(() => client.end());
}

const shortage = (url: string) => onServer(url, (client) => connectionShortage(client, 10, 3));
const inForce = (url: string) =>
  onServer(url, async (client) => (await client.query('SHOW max_connections')).rows[0].max_connections as string);

test('a pool that is rejected at startup is accepted after make max-connections and a restart', async () => {
  await using postgres = await start();
  const databaseUrl = await postgres.createDatabase();
  const settings = {
    ENVIRONMENT: 'production',
    PORT: '0',
    SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MAX: '10',
    REPLICAS: '3',
    GROQ_API_KEY: 'gsk',
    MEM0_API_KEY: 'm0',
  };
  await using refused = new ServiceProcess(settings);
  expect(await refused.exited).toBe(1);
  expect(refused.stdout + refused.stderr).toContain(
    'DATABASE_POOL_MAX × REPLICAS = 10 × 3 = 30 is not below the 17 connections',
  );

  expect((await raise(postgres.adminUrl)).stdout).toBe(
    "max_connections: 20 now, 60 after the server's next restart (a reload is not enough)\n" +
      'the service can then use 57 connections: DATABASE_POOL_MAX × REPLICAS must be lower\n',
  );
  await onServer(postgres.adminUrl, (client) => client.query('SELECT pg_reload_conf()'));
  expect(await inForce(databaseUrl)).toBe('20');
  await restart(postgres);
  expect(await inForce(databaseUrl)).toBe('60');
  await using accepted = new ServiceProcess(settings);
  expect(await accepted.listening()).toMatch(/^http/);
});

const script = (url: string, max: string) =>
  run('psql', ['-v', `max_connections=${max}`, '-f', 'service/storage/increase_max_connections.sql', url], {
    env: { PATH: process.env.PATH },
  });

/** Returns what ALTER SYSTEM has written. */
const written = (url: string) =>
  onServer(url, async (client) => {
    const { rows } = await client.query("SELECT setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'");
    return rows.map(({ setting }) => setting as string);
  });

const psql = await run('psql', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!psql)(
  `increase_max_connections.sql does the same${psql ? '' : ' (skipped: there is no psql here)'}`,
  async () => {
    await using postgres = await start();
    const databaseUrl = await postgres.createDatabase();
    expect(await shortage(databaseUrl)).toContain('30 is not below the 17 connections');
    const { stdout } = await script(postgres.adminUrl, '60');
    expect(stdout).toMatch(/20 \|\s+3 \|\s+0 \|/);
    expect(stdout).toMatch(/60 \|\s+57/);
    await restart(postgres);
    expect(await shortage(databaseUrl)).toBeUndefined();
  },
);

test.skipIf(!psql)(
  `increase_max_connections.sql refuses a lower value${psql ? '' : ' (skipped: there is no psql here)'}`,
  async () => {
    const present = /ERROR: +max_connections = 19 is refused, because it is lower than the present 20/;
    const failure = await script(untouched.adminUrl, '19').catch((error) => error);
    expect([failure.code, failure.stderr]).toEqual([3, expect.stringMatching(present)]);
    expect(await written(untouched.adminUrl)).toEqual([]);
    expect((await script(untouched.adminUrl, 'many').catch((error) => error)).code).toBe(3);
    expect(await written(untouched.adminUrl)).toEqual([]);
  },
);

test('a value that waits for a restart is not lowered either', async () => {
  await using postgres = await start();
  await raise(postgres.adminUrl, '60');
  const failure = await raise(postgres.adminUrl, '40').catch((error) => error);
  expect(failure.stderr).toMatch(
    /^MAX=40 is not allowed: it must be a whole number from 60 \(the value after the next restart, 20 now\) to 262143$/m,
  );
  if (psql) {
    const refused = await script(postgres.adminUrl, '40').catch((error) => error);
    expect(refused.stderr).toContain('lower than the present 60');
    expect(refused.stderr).toContain('It is 20 now, and 60 after the next restart.');
  }
  expect(await written(postgres.adminUrl)).toEqual(['60']);
});

let untouched: TestPostgres;
beforeAll(async () => {
  untouched = await start();
});
afterAll(() => untouched?.[Symbol.asyncDispose]());

test.each([
  [
    'no number',
    'many',
    /^MAX=many is not allowed: it must be a whole number from 20 \(the current value\) to 262143$/m,
  ],
  ['fewer than the current value', '19', /^MAX=19 is not allowed: /m],
  ['more than the maximum', '262144', /^MAX=262144 is not allowed: /m],
])('rejects %s and changes nothing', async (_, max, says) => {
  const failure = await raise(untouched.adminUrl, max).catch((error) => error);
  expect(failure.stderr).toMatch(says);
  expect(await written(untouched.adminUrl)).toEqual([]);
});

test('reports in one line that a plain role lacks permission', async () => {
  const failure = await raise(await untouched.createDatabase()).catch((error) => error);
  expect(failure.stderr).toMatch(/^permission denied to set parameter "max_connections"\nmake: /m);
});
