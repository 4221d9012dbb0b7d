import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres } from '../../../harness/lab/postgres.ts';
import { Reaper } from '../../../harness/lab/reaper.ts';
import { BrokenDatabase, failureOf } from './broken-database.ts';

const resources = new AsyncDisposableStack();
let server: Postgres;
let database: BrokenDatabase;
beforeAll(async () => {
  const reaper = resources.use(new Reaper());
  server = resources.use(await startPostgres(process.env.POSTGRES ?? 'embedded', reaper));
}, 60_000);
afterAll(() => resources.disposeAsync());
beforeEach(async () => {
  database = await BrokenDatabase.on(server);
});
afterEach(() => database[Symbol.asyncDispose]());

/** Milliseconds that an act takes, and what it gives. */
async function timed<T>(act: Promise<T>): Promise<number> {
  const began = performance.now();
  await act;
  return performance.now() - began;
}

/** Whether a promise is still pending after so many milliseconds. */
const isPending = (promise: Promise<unknown>, afterMs: number): Promise<boolean> =>
  Promise.race([promise.then(() => false), sleep(afterMs, true)]);

/** Resolves when a client has lost its connection. */
const ended = (client: pg.Client): Promise<void> => new Promise((resolve) => client.once('end', () => resolve()));

/** What a raw client of the proxy sees: how its socket ends, and whether it may still write. */
async function rawClient() {
  const { port } = new URL(database.target.url);
  const socket = openSocket({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const seen: string[] = [];
  socket.on('data', () => seen.push('data'));
  socket.on('end', () => seen.push('FIN'));
  socket.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? error.message));
  await Promise.race(['connect', 'close'].map((event) => once(socket, event).catch(() => undefined)));
  return Object.assign(socket, { seen, [Symbol.dispose]: () => void socket.destroy() });
}

test('without a fault everything passes, and each connection has a receipt', async () => {
  await using client = await database.connect();
  const { rows } = await client.query("SELECT repeat('x', 1000000) AS text");
  expect(rows[0].text).toHaveLength(1_000_000);
  await client.end();
  await vi.waitFor(() => expect(database.connections.at(-1)).toMatchObject({ outcome: 'client-gone', faults: [] }));
  const { bytesToServer = 0, bytesToClient = 0 } = database.connections.at(-1) ?? {};
  expect(bytesToClient).toBeGreaterThan(1_000_000);
  expect(bytesToServer).toBeLessThan(1_000);
  await vi.waitFor(async () => expect(await database.backends()).toBe(0));
});

test('latency delays both directions, or one, and is gone when it is healed', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'latency', milliseconds: 100 });
  const both = await timed(client.query('SELECT 1'));
  expect(both).toBeGreaterThanOrEqual(200);
  expect(both).toBeLessThan(400);
  await database.heal();
  expect(await timed(client.query('SELECT 1'))).toBeLessThan(100);
  const { id } = await database.inject({ kind: 'latency', milliseconds: 100, direction: 'to-client' });
  const one = await timed(client.query('SELECT 1'));
  expect(one).toBeGreaterThanOrEqual(100);
  expect(one).toBeLessThan(200);
  expect(await database.lastFault()).toMatchObject({ id, seen: 1, excluded: 0, disrupted: 1 });
  expect(database.connections.at(-1)?.faults).toEqual(['f1:latency', 'f2:latency']);
});

test('a large answer arrives whole and in order through a jittered latency', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'latency', milliseconds: 5, jitterMilliseconds: 5, direction: 'to-client' });
  const { rows } = await client.query('SELECT i FROM generate_series(1, 100000) AS i');
  expect(rows.every(({ i }, index) => i === index + 1)).toBe(true);
  expect(rows).toHaveLength(100_000);
});

test('a blackhole keeps a query waiting, which goes on when it is healed', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'blackhole' });
  const query = client.query('SELECT 1 AS one');
  expect(await isPending(query, 200)).toBe(true);
  await database.heal();
  expect((await query).rows).toEqual([{ one: 1 }]);
});

test('a blackhole accepts new connections, and takes no slot of the server for them', async () => {
  await database.inject({ kind: 'blackhole', connections: 'new' });
  const connecting = database.connect();
  expect(await isPending(connecting, 200)).toBe(true);
  expect(database.connections.at(-1)).toMatchObject({ outcome: 'open', bytesToServer: 0, faults: ['f1:blackhole'] });
  expect(await database.backends()).toBe(0);
  await database.heal();
  await using client = await connecting;
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('a client that leaves a blackhole is not missed by the server until it is healed', async () => {
  const client = await database.connect();
  await database.inject({ kind: 'blackhole' });
  void client.end();
  await sleep(200);
  expect(await database.backends()).toBe(1);
  await database.heal();
  await vi.waitFor(async () => expect(await database.backends()).toBe(0));
});

test('a reset ends open connections and new ones with a RST, exactly as many as were asked for', async () => {
  using one = await rawClient();
  using other = await rawClient();
  await vi.waitFor(() => expect(database.connections.filter(({ outcome }) => outcome === 'open')).toHaveLength(2));
  await database.inject({ kind: 'reset', next: 1 });
  await vi.waitFor(() => expect(one.seen).toEqual(['ECONNRESET']));
  expect(other.seen).toEqual([]);
  expect(await database.lastFault()).toMatchObject({ state: 'spent', seen: 1, disrupted: 1 });
  await database.inject({ kind: 'reset', next: 2, connections: 'new' });
  expect(await failureOf(database.connect())).toBe('ECONNRESET');
  expect(await failureOf(database.connect())).toBe('ECONNRESET');
  await using _client = await database.connect();
  expect(await database.lastFault()).toMatchObject({ state: 'spent', seen: 3, excluded: 1, disrupted: 2 });
  expect(database.receiptsOf('f2:reset')).toMatchObject([{ outcome: 'reset' }, { outcome: 'reset' }]);
});

test('a rate of 0.3 over 100 connections resets exactly 30', async () => {
  await database.inject({ kind: 'reset', rate: 0.3 });
  let resets = 0;
  for (let index = 0; index < 100; index++) {
    using socket = await rawClient();
    await Promise.race([once(socket, 'close').catch(() => undefined), sleep(20)]);
    await sleep(0);
    if (socket.seen.includes('ECONNRESET')) resets++;
  }
  expect(resets).toBe(30);
  expect(await database.lastFault()).toMatchObject({ seen: 100, excluded: 0, disrupted: 30 });
  expect(database.receiptsOf('f1:reset')).toHaveLength(30);
});

test('half-open: the server side is gone and the client does not know, until it is healed', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'half-open' });
  await vi.waitFor(async () => expect(await database.backends()).toBe(0));
  const query = failureOf(client.query('SELECT 1'));
  expect(await isPending(query, 200)).toBe(true);
  await database.heal();
  expect(await query).toBe('ECONNRESET');
  await vi.waitFor(() => expect(database.connections.at(-1)).toMatchObject({ outcome: 'half-open' }));
});

test('half-open: the client is gone and the server keeps its backend, until it is healed', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'half-open', gone: 'client' });
  await ended(client);
  expect(await database.backends()).toBe(1);
  await database.heal();
  await vi.waitFor(async () => expect(await database.backends()).toBe(0));
});

test('half-close: a FIN arrives, and what the client writes is still handed on', async () => {
  using socket = await rawClient();
  await database.inject({ kind: 'half-close' });
  await vi.waitFor(() => expect(socket.seen).toEqual(['FIN']));
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // an SSLRequest
  await vi.waitFor(() => expect(database.connections.at(-1)).toMatchObject({ bytesToServer: 8, outcome: 'open' }));
  await database.heal();
  await vi.waitFor(() => expect(database.connections.at(-1)).toMatchObject({ outcome: 'half-closed' }));
});

test('refuse: new connections are refused, those that there are stay, and the port comes back', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'refuse', forMilliseconds: 300 });
  expect(await failureOf(database.connect())).toBe('ECONNREFUSED');
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await vi.waitFor(async () => await (await database.connect()).end(), 2_000);
  const [receipt] = database.receiptsOf('f1:refuse');
  expect(receipt).toMatchObject({ kind: 'refusing', upstream: 'database', endedAt: expect.any(Number) });
  expect((receipt?.endedAt ?? 0) - (receipt?.at ?? 0)).toBeGreaterThanOrEqual(299);
});

test('a locked table makes queries wait until it is healed', async () => {
  await using client = await database.connect();
  await database.inject({ kind: 'lock' });
  const query = client.query('SELECT * FROM events');
  expect(await isPending(query, 200)).toBe(true);
  expect(database.receiptsOf('f1:lock')).toMatchObject([{ kind: 'acting', endedAt: null }]);
  await database.heal();
  await query;
  expect(database.receiptsOf('f1:lock')).toMatchObject([{ endedAt: expect.any(Number) }]);
});

test('taken slots leave as many as were asked for, and are given back', async () => {
  await database.inject({ kind: 'slots', leave: 2 });
  await using one = await database.connect();
  await using two = await database.connect();
  await Promise.all([one.query('SELECT 1'), two.query('SELECT 1')]);
  expect(await failureOf(database.connect())).toBe('53300');
  const { healed } = await database.heal();
  expect(healed[0].disrupted).toBeGreaterThan(80);
  await vi.waitFor(async () => await (await database.connect()).end());
});

test('terminate ends as many backends as were asked for, at once, with a receipt for each', async () => {
  const clients = await Promise.all([database.connect(), database.connect(), database.connect()]);
  const fault = await database.inject({ kind: 'terminate', next: 2 });
  expect(fault).toMatchObject({ state: 'spent', seen: 2, disrupted: 2 });
  await vi.waitFor(async () => expect(await database.backends()).toBe(1));
  const failures = await Promise.allSettled(clients.map((client) => client.query('SELECT 1')));
  expect(failures.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  expect(database.receiptsOf('f1:terminate')).toHaveLength(2);
  await vi.waitFor(() =>
    expect(database.connections.filter(({ outcome }) => outcome === 'server-gone')).toHaveLength(2),
  );
  await Promise.all(clients.map((client) => client.end()));
});

const ours = process.env.POSTGRES?.startsWith('postgres')
  ? 'POSTGRES is the URL of a server that is not ours'
  : undefined;
if (ours) console.log(`skipped: stop and restart; ${ours}`);

test.skipIf(ours)(
  'a stopped server refuses connections, and keeps its data until it is healed',
  { timeout: 30_000 },
  async () => {
    await using client = await database.connect();
    await client.query('INSERT INTO events VALUES (7)');
    const gone = ended(client);
    await database.inject({ kind: 'stop' });
    await gone;
    expect(await failureOf(database.connect())).toBe('ECONNREFUSED');
    expect(await failureOf(database.direct())).toBe('ECONNREFUSED');
    expect(await failureOf(database.inject({ kind: 'lock' }))).toBe('fault-failed');
    expect(database.receiptsOf('f1:stop')).toMatchObject([{ kind: 'refusing', endedAt: null }]);
    expect((await database.control('GET')).faults).toMatchObject([{ id: 'f1', state: 'active', disrupted: 1 }]);
    await database.heal();
    await using again = await database.connect();
    expect((await again.query('SELECT * FROM events')).rows).toEqual([{ id: 7 }]);
  },
);

test.skipIf(ours)(
  'a restart is over when it answers, and two stops that overlap end with the later',
  { timeout: 30_000 },
  async () => {
    await using lost = await database.connect();
    const fault = await database.inject({ kind: 'restart', downMilliseconds: 100 });
    expect(fault).toMatchObject({ kind: 'restart', state: 'spent', disrupted: 1 });
    expect(await failureOf(lost.query('SELECT 1'))).not.toBe('');
    await using again = await database.connect();
    expect((await again.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const { id } = await database.inject({ kind: 'stop' });
    await database.inject({ kind: 'stop' });
    await database.control('DELETE', `/${id}`);
    expect(await failureOf(database.direct())).toBe('ECONNREFUSED');
    await database.heal();
    await using _last = await database.connect();
  },
);

test('what is disposed of heals everything first: a server that is stopped runs again', {
  timeout: 30_000,
}, async () => {
  const other = await BrokenDatabase.on(server);
  await other.inject({ kind: 'lock' });
  if (!ours) await other.inject({ kind: 'stop' });
  await other.inject({ kind: 'blackhole' });
  await other[Symbol.asyncDispose]();
  await using client = await database.connect();
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test.each([
  [
    { kind: 'explode' },
    'unknown-fault-kind',
    'allowed: latency, blackhole, reset, half-open, half-close, refuse, lock',
  ],
  [
    { kind: 'latency', seconds: 1 },
    'unknown-field',
    'allowed: kind, milliseconds, jitterMilliseconds, seed, direction',
  ],
  [{ kind: 'latency', milliseconds: '1s' }, 'invalid-field', 'a number of milliseconds from 0 to 600000'],
  [{ kind: 'lock', next: 1 }, 'unknown-field', 'allowed: kind, table, afterMilliseconds'],
  [{ kind: 'reset', next: 1, rate: 0.5 }, 'ambiguous-scope', 'exclude each other'],
  [
    { kind: 'reset', flapping: { onRequests: 1, offRequests: 1 } },
    'ambiguous-scope',
    "acts on the connections and can't flap by requests",
  ],
  [{ kind: 'half-open', gone: 'both' }, 'invalid-field', '"server" or "client"'],
  [{ kind: 'slots', leave: 10_000 }, 'fault-failed', 'only '],
  [{ kind: 'lock', table: 'nowhere' }, 'fault-failed', 'relation "nowhere" does not exist'],
])('refuses %j: %s', async (fault, code, message) => {
  await expect(database.inject(fault)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  expect((await database.control('GET')).faults).toEqual([]);
});

test('a fault that can not begin at its time is told as failed', async () => {
  await database.inject({ kind: 'lock', table: 'nowhere', afterMilliseconds: 20 });
  await vi.waitFor(async () => expect(await database.lastFault()).toMatchObject({ state: 'failed', disrupted: 0 }));
});

test('a fault flaps with the time, and can be changed', async () => {
  await using client = await database.connect();
  const { id } = await database.inject({ kind: 'latency', milliseconds: 50 });
  await database.control('PATCH', `/${id}`, { milliseconds: 150, direction: 'to-server' });
  expect(await timed(client.query('SELECT 1'))).toBeGreaterThanOrEqual(150);
  await database.heal();
  await database.inject({ kind: 'blackhole', flapping: { onMilliseconds: 150, offMilliseconds: 150 } });
  const query = timed(client.query('SELECT 1'));
  expect(await query).toBeGreaterThan(100);
  expect(await query).toBeLessThan(500);
});
