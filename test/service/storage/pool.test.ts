import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import type { DatabaseOptions } from '../../../service/storage/pool.ts';
import { startPostgres } from '../../support/embedded-postgres.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { recordLog } from '../support/log-recorder.ts';
import { useDatabase } from '../support/use-database.ts';

const server = useDatabase(() => startPostgres());

function openPool(options: Partial<DatabaseOptions> = {}) {
  const log = recordLog();
  const database = server.openPool({ poolMax: 3, ...options }, log);
  return { database, messages: log.messages, [Symbol.asyncDispose]: () => database.close() };
}

/** Opens a superuser connection to the service's database. */
async function openAdmin() {
  const admin = new pg.Client(server.postgres.adminUrl.replace(/\/postgres$/, new URL(server.url).pathname));
  await admin.connect();
  return Object.assign(admin, { [Symbol.asyncDispose]: () => admin.end() });
}

/** Blocks all event queries until the lock is disposed of. */
async function lockEvents() {
  const admin = await openAdmin();
  await admin.query('BEGIN; LOCK TABLE conversation_events IN ACCESS EXCLUSIVE MODE');
  let held = true;
  const release = async () => {
    if (held) await admin.end();
    held = false;
  };
  return { release, [Symbol.asyncDispose]: release };
}

const COUNT = 'SELECT count(*)::int AS count FROM conversation_events';

test('serves all queries with at most the maximum number of connections', async () => {
  await using pool = openPool();
  await using admin = await openAdmin();
  const query = () =>
    pool.database.query<{ count: number }>(
      'SELECT count(*)::int AS count, pg_sleep(0.02) FROM conversation_events',
      [],
    );
  const queries = Promise.all(Array.from({ length: 40 }, query));
  const highest = await peakConnections(admin, queries);
  expect((await queries).length).toBe(40);
  expect(highest).toBe(3);
});

async function peakConnections(admin: pg.Client, until: Promise<unknown>): Promise<number> {
  let done = false;
  void until.finally(() => (done = true));
  let highest = 0;
  while (!done) {
    const { rows } = await admin.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1`,
      [new URL(server.url).username],
    );
    highest = Math.max(highest, rows[0]?.count ?? 0);
  }
  return highest;
}

test('rejects a query without a connection in time, and serves queries again when one is free', REAL_TIME, async () => {
  await using pool = openPool({ poolMax: 1, acquireTimeoutMs: 200 });
  await using lock = await lockEvents();
  const holder = pool.database.query(COUNT, []);
  const start = performance.now();
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({
    code: 'database_pool_exhausted',
    status: 503,
    retryAfterSeconds: 1,
  });
  const waited = performance.now() - start;
  expect(waited).toBeGreaterThan(190);
  await lock.release();
  await holder;
  await pool.database.query(COUNT, []);
});

test('rejects a query immediately if the queue is full', async () => {
  await using pool = openPool({ poolMax: 2, queueMax: 3, acquireTimeoutMs: 60_000 });
  await using lock = await lockEvents();
  const served = Array.from({ length: 5 }, () => pool.database.query(COUNT, []));
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({ code: 'database_pool_exhausted' });
  expect(pool.database.stats()).toEqual({ in_use: 2, idle: 0, waiting: 3, max: 2 });
  await lock.release();
  expect(await Promise.all(served)).toHaveLength(5);
});

test('uses idle connections even without a queue', async () => {
  await using pool = openPool({ poolMax: 1, queueMax: 0 });
  await pool.database.query(COUNT, []);
  await pool.database.query(COUNT, []);
  const [first, second] = await Promise.allSettled([pool.database.query(COUNT, []), pool.database.query(COUNT, [])]);
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
});

test('cancels a slow statement', async () => {
  await using pool = openPool({ statementTimeoutMs: 100 });
  await using _lock = await lockEvents();
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({
    code: 'database_unavailable',
    status: 503,
    retryAfterSeconds: 1,
    message: expect.stringContaining('57014'),
  });
});

test('too many connections at the server is database_unavailable', REAL_TIME, async () => {
  await using admin = await openAdmin();
  await admin.query(`ALTER ROLE ${new URL(server.url).username} CONNECTION LIMIT 0`);
  await using pool = openPool();
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('53300'),
  });
  // After a refused connection, the server is not contacted for a short time.
  await admin.query(`ALTER ROLE ${new URL(server.url).username} CONNECTION LIMIT -1`);
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
  await expect.poll(() => pool.database.query(COUNT, []).then(() => 'served', String)).toBe('served');
});

test('a connection lost during a query is database_unavailable, and the next query gets a new one', async () => {
  await using pool = openPool({ poolMax: 1 });
  await using lock = await lockEvents();
  await using admin = await openAdmin();
  const waiting = expect(pool.database.query(COUNT, [])).rejects.toMatchObject({ code: 'database_unavailable' });
  await endConnections(admin);
  await waiting;
  await lock.release();
  await pool.database.query(COUNT, []);
});

/** Starts a server that ends each connection at once, in the same packet that says that it is ready. */
async function startEndingServer() {
  const ready = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mended\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  const ended = Buffer.concat([Buffer.from('E'), length, fields]);
  const ending = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([ready, ended])));
  });
  await once(ending.listen(0, '127.0.0.1'), 'listening');
  const { port } = ending.address() as AddressInfo;
  return { url: `postgres://ada:word@127.0.0.1:${port}/none`, [Symbol.asyncDispose]: async () => void ending.close() };
}

test('a connection that is lost before its first query is database_unavailable, and does not end the process', async () => {
  await using ending = await startEndingServer();
  await using pool = openPool({ url: ending.url });
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
});

test('a server crash during a query is database_unavailable, and queries succeed after its restart', async () => {
  await using pool = openPool({ poolMax: 1 });
  await pool.database.query(COUNT, []);
  const dying = expect(pool.database.query('SELECT pg_sleep(60)', [])).rejects.toMatchObject({
    code: 'database_unavailable',
    status: 503,
    retryAfterSeconds: 1,
  });
  await server.postgres.crash();
  await dying;
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({ code: 'database_unavailable' });
  await server.postgres.restart();
  await expect.poll(() => pool.database.query(COUNT, []).then(() => 'served', String)).toBe('served');
});

test('commits are durable, whatever the server configuration says', async () => {
  await using admin = await openAdmin();
  await admin.query(`ALTER ROLE ${new URL(server.url).username} SET synchronous_commit = off`);
  await using pool = openPool();
  expect(await pool.database.query('SHOW synchronous_commit', [])).toEqual([{ synchronous_commit: 'on' }]);
});

test('logs the loss of an idle connection, and continues', async () => {
  await using pool = openPool({ poolMax: 1 });
  await using admin = await openAdmin();
  await pool.database.query(COUNT, []);
  await endConnections(admin);
  await expect.poll(pool.messages).toEqual(['an idle database connection was lost']);
  await pool.database.query(COUNT, []);
});

async function endConnections(admin: pg.Client): Promise<void> {
  const end = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1';
  await expect.poll(async () => (await admin.query(end, [new URL(server.url).username])).rowCount).toBeGreaterThan(0);
}

test('keeps connections for the next burst', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await using pool = openPool();
    await Promise.all([1, 2, 3].map(() => pool.database.query('SELECT pg_sleep(0.02)', [])));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(pool.database.stats()).toEqual({ in_use: 0, idle: 3, waiting: 0, max: 3 });
  } finally {
    vi.useRealTimers();
  }
});

test('a connection parses each statement only once', async () => {
  await using pool = openPool({ poolMax: 1 });
  const shifted = 'SELECT $1::int + 1 AS sum';
  expect(await pool.database.query(shifted, [1])).toEqual([{ sum: 2 }]);
  expect(await pool.database.query(shifted, [2])).toEqual([{ sum: 3 }]);
  const prepared = 'SELECT statement, (generic_plans + custom_plans)::int AS runs FROM pg_prepared_statements';
  const seen = await pool.database.query(prepared, []);
  expect(seen).toContainEqual({ statement: shifted, runs: 2 });
});

test('a statement whose result type was changed by a migration works again at the next call', async () => {
  await using admin = await openAdmin();
  await admin.query('CREATE TABLE shape (a int); GRANT ALL ON shape TO PUBLIC');
  await using pool = openPool({ poolMax: 1 });
  await pool.database.query('SELECT * FROM shape', []);
  await admin.query('ALTER TABLE shape ALTER a TYPE text');
  await expect(pool.database.query('SELECT * FROM shape', [])).rejects.toMatchObject({ code: '0A000' });
  expect(await pool.database.query('SELECT * FROM shape', [])).toEqual([]);
});

test('an unreachable server is database_unavailable', async () => {
  await using pool = openPool({ url: 'postgres://ada:hunter2@127.0.0.1:1/none' });
  await expect(pool.database.query(COUNT, [])).rejects.toMatchObject({
    code: 'database_unavailable',
    message: 'The database is unavailable (ECONNREFUSED).',
  });
});

test('an invalid statement is a bug in the service', async () => {
  await using pool = openPool();
  await expect(pool.database.query('SELECT nonsense', [])).rejects.toMatchObject({ code: '42703' });
});
