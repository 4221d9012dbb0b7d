import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { ended, failureOf, isPending, useBrokenDatabase } from './broken-database.ts';

const lab = useBrokenDatabase();

/** Returns how long an action takes, in milliseconds. */
async function timed<T>(act: Promise<T>): Promise<number> {
  const began = performance.now();
  await act;
  return performance.now() - began;
}

/** Connects a raw client to the proxy, which reports how its socket ends and whether it can still write. */
async function rawClient() {
  const { port } = new URL(lab.database.target.url);
  const socket = openSocket({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const seen: string[] = [];
  socket.on('data', () => seen.push('data'));
  socket.on('end', () => seen.push('FIN'));
  socket.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? error.message));
  await Promise.race(['connect', 'close'].map((event) => once(socket, event).catch(() => undefined)));
  return Object.assign(socket, { seen, [Symbol.dispose]: () => void socket.destroy() });
}

test('without a fault everything is forwarded, and each connection has a receipt', async () => {
  await using client = await lab.database.connect();
  const { rows } = await client.query("SELECT repeat('x', 1000000) AS text");
  expect(rows[0].text).toHaveLength(1_000_000);
  await client.end();
  await eventually(() => expect(lab.database.connections.at(-1)).toMatchObject({ outcome: 'client-gone', faults: [] }));
  const { bytesToServer = 0, bytesToClient = 0 } = lab.database.connections.at(-1) ?? {};
  expect(bytesToClient).toBeGreaterThan(1_000_000);
  expect(bytesToServer).toBeLessThan(1_000);
  await eventually(async () => expect(await lab.database.backends()).toBe(0));
});

test('latency delays both directions, or one, until it is healed', REAL_TIME, async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'latency', milliseconds: 100 });
  const both = await timed(client.query('SELECT 1'));
  expect(both).toBeGreaterThanOrEqual(200);
  expect(both).toBeLessThan(400);
  await lab.database.heal();
  expect(await timed(client.query('SELECT 1'))).toBeLessThan(100);
  const { id } = await lab.database.inject({ kind: 'latency', milliseconds: 100, direction: 'to-client' });
  const ms = await timed(client.query('SELECT 1'));
  expect(ms).toBeGreaterThanOrEqual(100);
  expect(ms).toBeLessThan(200);
  expect(await lab.database.lastFault()).toMatchObject({ id, seen: 1, excluded: 0, disrupted: 1 });
  expect(lab.database.connections.at(-1)?.faults).toEqual(['f1:latency', 'f2:latency']);
});

test('a large result arrives whole and in order with a jittered latency', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'latency', milliseconds: 5, jitterMilliseconds: 5, direction: 'to-client' });
  const { rows } = await client.query('SELECT i FROM generate_series(1, 100000) AS i');
  expect(rows.every(({ i }, index) => i === index + 1)).toBe(true);
  expect(rows).toHaveLength(100_000);
});

test('a blackhole holds a query, which continues when it is healed', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'blackhole' });
  const query = client.query('SELECT 1 AS one');
  expect(await isPending(query, 200)).toBe(true);
  await lab.database.heal();
  expect((await query).rows).toEqual([{ one: 1 }]);
});

test('a blackhole accepts new connections without taking a slot of the server', async () => {
  await lab.database.inject({ kind: 'blackhole', connections: 'new' });
  const connecting = lab.database.connect();
  expect(await isPending(connecting, 200)).toBe(true);
  expect(lab.database.connections.at(-1)).toMatchObject({
    outcome: 'open',
    bytesToServer: 0,
    faults: ['f1:blackhole'],
  });
  expect(await lab.database.backends()).toBe(0);
  await lab.database.heal();
  await using client = await connecting;
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test("the server doesn't notice that a client disconnects from a blackhole until it is healed", async () => {
  const client = await lab.database.connect();
  await lab.database.inject({ kind: 'blackhole' });
  void client.end();
  await sleep(200);
  expect(await lab.database.backends()).toBe(1);
  await lab.database.heal();
  await eventually(async () => expect(await lab.database.backends()).toBe(0));
});

test('a reset closes exactly the given number of open and new connections with an RST', async () => {
  using client = await rawClient();
  using other = await rawClient();
  await eventually(() => expect(lab.database.connections.filter(({ outcome }) => outcome === 'open')).toHaveLength(2));
  await lab.database.inject({ kind: 'reset', next: 1 });
  await eventually(() => expect(client.seen).toEqual(['ECONNRESET']));
  expect(other.seen).toEqual([]);
  expect(await lab.database.lastFault()).toMatchObject({ state: 'spent', seen: 1, disrupted: 1 });
  await lab.database.inject({ kind: 'reset', next: 2, connections: 'new' });
  expect(await failureOf(lab.database.connect())).toBe('ECONNRESET');
  expect(await failureOf(lab.database.connect())).toBe('ECONNRESET');
  await using _client = await lab.database.connect();
  expect(await lab.database.lastFault()).toMatchObject({ state: 'spent', seen: 3, excluded: 1, disrupted: 2 });
  expect(lab.database.receiptsOf('f2:reset')).toMatchObject([{ outcome: 'reset' }, { outcome: 'reset' }]);
});

test('a rate of 0.3 over 100 connections resets exactly 30', async () => {
  await lab.database.inject({ kind: 'reset', rate: 0.3 });
  let resets = 0;
  for (let index = 0; index < 100; index++) {
    using socket = await rawClient();
    await eventually(async () => expect(await lab.database.lastFault()).toMatchObject({ seen: index + 1 }), 1);
    const isReset = (await lab.database.lastFault()).disrupted === resets + 1;
    if (isReset) resets++;
    await eventually(() => expect(socket.seen).toEqual(isReset ? ['ECONNRESET'] : []), 1);
  }
  expect(resets).toBe(30);
  expect(await lab.database.lastFault()).toMatchObject({ seen: 100, excluded: 0, disrupted: 30 });
  expect(lab.database.receiptsOf('f1:reset')).toHaveLength(30);
});

test("half-open: the server is gone and the client doesn't notice until it is healed", async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'half-open' });
  await eventually(async () => expect(await lab.database.backends()).toBe(0));
  const query = failureOf(client.query('SELECT 1'));
  expect(await isPending(query, 200)).toBe(true);
  await lab.database.heal();
  expect(await query).toBe('ECONNRESET');
  await eventually(() => expect(lab.database.connections.at(-1)).toMatchObject({ outcome: 'half-open' }));
});

test('half-open: the client is gone and the server keeps its backend until it is healed', async () => {
  await using client = await lab.database.connect();
  await lab.database.inject({ kind: 'half-open', gone: 'client' });
  await ended(client);
  expect(await lab.database.backends()).toBe(1);
  await lab.database.heal();
  await eventually(async () => expect(await lab.database.backends()).toBe(0));
});

test("half-close: a FIN arrives, and the client's bytes are still forwarded", async () => {
  using socket = await rawClient();
  await lab.database.inject({ kind: 'half-close' });
  await eventually(() => expect(socket.seen).toEqual(['FIN']));
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // an SSLRequest message
  await eventually(() => expect(lab.database.connections.at(-1)).toMatchObject({ bytesToServer: 8, outcome: 'open' }));
  await lab.database.heal();
  await eventually(() => expect(lab.database.connections.at(-1)).toMatchObject({ outcome: 'half-closed' }));
});

test('refuse: open connections are reset immediately, new ones are refused, and the port comes back', async () => {
  await using client = await lab.database.connect();
  const running = client.query('SELECT pg_sleep(1000)').catch(() => {});
  expect((await lab.database.inject({ kind: 'refuse' })).state).toBe('active');
  await Promise.all([running, ended(client)]);
  expect(await failureOf(lab.database.connect())).toBe('ECONNREFUSED');
  expect(await lab.database.lastFault()).toMatchObject({ disrupted: 1 });
  expect(lab.database.connections.at(-1)).toMatchObject({ faults: ['f1:refuse'], outcome: 'reset' });
  await lab.database.heal();
  await (await lab.database.connect()).end();
  const refusing = lab.database.receiptsOf('f1:refuse').filter(({ kind }) => kind === 'refusing');
  expect(refusing).toMatchObject([{ upstream: 'database', endedAt: expect.any(Number) }]);
  const began = performance.now();
  await lab.database.inject({ kind: 'refuse', forMilliseconds: 300 });
  await eventually(async () => await (await lab.database.connect()).end());
  expect(performance.now() - began).toBeGreaterThanOrEqual(299);
});

test.each([
  [
    { kind: 'explode' },
    'unknown-fault-kind',
    'allowed: blackhole, half-close, half-open, latency, lock, lost-reply, refuse',
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
])('rejects %j: %s', async (fault, code, message) => {
  await expect(lab.database.inject(fault)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  expect((await lab.database.control('GET')).faults).toEqual([]);
});

test("a fault that can't start at its time has failed", async () => {
  await lab.database.inject({ kind: 'lock', table: 'nowhere', afterMilliseconds: 20 });
  await eventually(async () => expect(await lab.database.lastFault()).toMatchObject({ state: 'failed', disrupted: 0 }));
});

test('a fault flaps by time, and can be changed', REAL_TIME, async () => {
  await using client = await lab.database.connect();
  const { id } = await lab.database.inject({ kind: 'latency', milliseconds: 50 });
  await lab.database.control('PATCH', `/${id}`, { milliseconds: 150, direction: 'to-server' });
  expect(await timed(client.query('SELECT 1'))).toBeGreaterThanOrEqual(150);
  await lab.database.heal();
  await lab.database.inject({ kind: 'blackhole', flapping: { onMilliseconds: 150, offMilliseconds: 150 } });
  const query = timed(client.query('SELECT 1'));
  expect(await query).toBeGreaterThan(100);
  expect(await query).toBeLessThan(500);
});
