import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { CallKind } from '../../../faults/calls/index.ts';
import { bearer } from '../../../faults/control/guard.ts';
import { startFakes } from '../../../faults/fakes/start-fakes.ts';
import type { ConnectionReceipt, Receipt, RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { defineUpstreams } from '../../../mocks/define-upstreams.ts';
import { until } from '../../mocks/fake-lab.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { noRedis, startRedis } from '../../support/redis-server.ts';
import { refusingPort } from '../../support/refusing-port.ts';

/** Starts an upstream in front of a TCP server. */
async function proxyTo(port: number, calls?: CallKind) {
  const upstreams = defineUpstreams({ cache: { tcp: `127.0.0.1:${port}`, calls } });
  const fakes = await startFakes(upstreams, { certify: keptCertificates });
  onTestFinished(() => fakes[Symbol.asyncDispose]());
  const { hostname, port: own } = new URL(fakes.upstreams.cache);
  const control = async (method: string, path: string, body?: unknown) => {
    const init = { method, headers: { 'content-type': 'application/json', ...bearer(fakes.token) } };
    return (await fetch(fakes.control + path, body ? { ...init, body: JSON.stringify(body) } : init)).json();
  };
  const receiptsOf = async <Kind extends Receipt>(kind: Kind['kind']): Promise<Kind[]> => {
    const { receipts } = (await control('GET', '/receipts')) as { receipts: Receipt[] };
    return receipts.filter((receipt): receipt is Kind => receipt.kind === kind);
  };
  return {
    dial: async () => {
      const socket = connect({ host: hostname, port: Number(own), allowHalfOpen: true });
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      return socket;
    },
    control,
    add: async (fault: object) => ((await control('POST', '/upstreams/cache/faults', fault)) as { id: string }).id,
    heal: (id: string) => control('DELETE', `/upstreams/cache/faults/${id}`),
    receipts: async () => receiptsOf<ConnectionReceipt>('connection'),
    calls: async () => receiptsOf<RequestReceipt>('request'),
  };
}

/** Starts a server that echoes every byte. */
async function echoServer(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [data] = await once(socket, 'data');
  return String(data);
}

/** Returns the error code with which a connection ends. */
async function failureOf(socket: Socket): Promise<string> {
  const [{ code }] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return code ?? '';
}

test('bytes pass unchanged, and each connection has a receipt', async () => {
  const cache = await proxyTo(await echoServer());
  const socket = await cache.dial();
  expect(await echo(socket, 'ping')).toBe('ping');
  socket.end();
  await once(socket, 'end');
  await until(async () => (await cache.receipts())[0]?.outcome !== 'open');
  expect(await cache.receipts()).toMatchObject([
    {
      upstream: 'cache',
      kind: 'connection',
      faults: [],
      outcome: 'client-gone',
      bytesToServer: 4,
      bytesToClient: 4,
    },
  ]);
});

test('it refuses, resets, half-closes and delays connections, or lets them go silent', async () => {
  const cache = await proxyTo(await echoServer());
  const refused = await cache.add({ kind: 'refuse' });
  await expect(cache.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await cache.heal(refused);

  const open = await cache.dial();
  await echo(open, 'a');
  const failed = failureOf(open);
  await cache.heal(await cache.add({ kind: 'reset' }));
  expect(await failed).toBe('ECONNRESET');

  const half = await cache.dial();
  await echo(half, 'a');
  const ended = once(half.resume(), 'end');
  const closed = await cache.add({ kind: 'half-close' });
  await ended;
  await cache.heal(closed);

  const slow = await cache.dial();
  await echo(slow, 'a');
  const delayed = await cache.add({ kind: 'latency', milliseconds: 100, direction: 'to-client' });
  const began = performance.now();
  expect(await echo(slow, 'late')).toBe('late');
  expect(performance.now() - began).toBeGreaterThan(95);
  await cache.heal(delayed);

  const silent = await cache.add({ kind: 'blackhole' });
  let heard = '';
  slow.on('data', (data) => {
    heard += String(data);
  });
  slow.write('held');
  expect(heard).toBe('');
  await cache.heal(silent);
  await until(() => heard === 'held');

  const receipts = await cache.receipts();
  expect(receipts.map(({ faults }) => faults)).toEqual([
    ['f2:reset'],
    ['f3:half-close'],
    ['f4:latency', 'f5:blackhole'],
  ]);
});

test('a connection is reset while the server is down, and its receipt says why', async () => {
  const port = await refusingPort();
  const cache = await proxyTo(port);
  const socket = await cache.dial();
  expect(await failureOf(socket)).toBe('ECONNRESET');
  await until(async () => (await cache.receipts())[0]?.outcome === 'server-gone');
  const unserved = `127.0.0.1:${port} can't be reached: ECONNREFUSED`;
  expect(await cache.receipts()).toMatchObject([{ unserved }]);
});

test('faults and certificates that its protocol does not have are refused by name', async () => {
  const cache = await proxyTo(await echoServer());
  const refusal = async (method: string, path: string, body: object) =>
    (await cache.control(method, `/upstreams/cache/${path}`, body)) as { error: { code: string; message: string } };
  expect(await refusal('POST', 'faults', { kind: 'status', status: 503 })).toMatchObject({
    error: { code: 'unknown-fault-kind', message: expect.stringContaining('"status"; allowed: blackhole, half-close') },
  });
  expect(await refusal('POST', 'faults', { kind: 'reset', route: 'GET /' })).toHaveProperty('error');
  expect(await refusal('PUT', 'certificate', { kind: 'expired' })).toMatchObject({ error: { code: 'no-tls' } });
  expect(await refusal('PUT', 'settings', { a: 1 })).toMatchObject({ error: { code: 'unknown-field' } });
});

test('each call has a receipt, and faults for calls leave other calls alone', REAL_TIME, async () => {
  const cache = await proxyTo(await echoServer(), 'exchanges');
  const { calls } = cache;
  const socket = await cache.dial();
  await echo(socket, 'a');
  await cache.add({ kind: 'latency', milliseconds: 1_000, direction: 'to-server', connections: 'calling', next: 1 });
  const began = performance.now();
  await echo(socket, 'b');
  expect(performance.now() - began).toBeGreaterThan(995);
  const after = performance.now();
  await echo(socket, 'c');
  expect(performance.now() - after, 'the next call is not delayed').toBeLessThan(900);
  await cache.add({ kind: 'latency', milliseconds: 100, direction: 'to-server', connections: 'calling', next: 1 });
  await cache.add({ kind: 'reset', connections: 'calling', next: 1 });
  const failed = failureOf(socket);
  const sent = performance.now();
  socket.write('d');
  expect(await failed).toBe('ECONNRESET');
  expect(performance.now() - sent, 'the reset waits as well').toBeGreaterThan(95);
  const other = await cache.dial();
  await echo(other, 'e');
  await until(async () => (await calls()).every(({ outcome }) => outcome !== 'open'));
  expect((await calls()).map(({ route, faults, outcome }) => [route, faults, outcome])).toEqual([
    ['exchange', [], 'answered'],
    ['exchange', ['f1:latency'], 'answered'],
    ['exchange', [], 'answered'],
    ['exchange', ['f2:latency', 'f3:reset'], 'reset'],
    ['exchange', [], 'answered'],
  ]);
});

test('a call into a black hole is answered only when the next call arrives on its connection', async () => {
  const cache = await proxyTo(await echoServer(), 'redis');
  const { calls } = cache;
  const socket = await cache.dial();
  await cache.add({ kind: 'blackhole', connections: 'calling', next: 1 });
  socket.write('GET a\r\n');
  await until(async () => (await calls()).length === 1);
  expect(socket.bytesRead).toBe(0);
  socket.write('GET b\r\n');
  await until(() => socket.bytesRead === 'GET a\r\nGET b\r\n'.length);
  await until(async () => (await calls()).every(({ outcome }) => outcome === 'answered'));
  await cache.add({ kind: 'blackhole', connections: 'calling', next: 1 });
  socket.write('GET c\r\n');
  await until(async () => (await calls()).length === 3);
  await cache.add({ kind: 'latency', milliseconds: 100, direction: 'to-server', connections: 'calling', next: 1 });
  const began = performance.now();
  socket.write('GET d\r\n');
  await until(() => socket.bytesRead === 4 * 'GET a\r\n'.length);
  expect(performance.now() - began, 'the late response leaves the next call alone').toBeGreaterThan(95);
  expect((await calls()).map(({ faults }) => faults)).toEqual([['f1:blackhole'], [], ['f2:blackhole'], ['f3:latency']]);
});

test('a call into a black hole ends when its client closes the connection', async () => {
  const cache = await proxyTo(await echoServer(), 'redis');
  const socket = await cache.dial();
  await cache.add({ kind: 'blackhole', connections: 'calling', next: 1 });
  socket.write('GET a\r\n');
  await until(async () => (await cache.calls()).length === 1);
  socket.destroy();
  await until(async () => (await cache.calls()).every(({ outcome }) => outcome === 'client-gone'));
  await until(async () => (await cache.receipts()).every(({ endedAt }) => endedAt !== null));
});

test('each connection is a call if the contract says so', async () => {
  const cache = await proxyTo(await echoServer(), 'connections');
  const added = await cache.add({ kind: 'reset', connections: 'calling', next: 1 });
  const failed = cache.dial().then(failureOf, ({ code }) => code);
  expect(await failed).toBe('ECONNRESET');
  await cache.heal(added);
  const socket = await cache.dial();
  await echo(socket, 'a');
  await echo(socket, 'b');
  expect((await cache.calls()).map(({ route }) => route)).toEqual(['connection', 'connection']);
});

test('a fault for calls is refused if calls are not counted', async () => {
  const cache = await proxyTo(await echoServer());
  const answer = await cache.control('POST', '/upstreams/cache/faults', { kind: 'reset', connections: 'calling' });
  expect(answer).toMatchObject({
    error: { code: 'invalid-field', message: expect.stringContaining('are not counted') },
  });
});

test.skipIf(noRedis !== undefined)(
  'Redis works behind it, and takes its faults (skipped without redis-server)',
  async () => {
    await using redis = await startRedis();
    const cache = await proxyTo(redis.port);
    const client = await cache.dial();
    expect(await echo(client, 'SET greeting hello\r\n')).toBe('+OK\r\n');
    expect(await echo(client, 'GET greeting\r\n')).toBe('$5\r\nhello\r\n');
    const failed = failureOf(client);
    await cache.heal(await cache.add({ kind: 'reset' }));
    expect(await failed).toBe('ECONNRESET');
    expect(await echo(await cache.dial(), 'GET greeting\r\n')).toBe('$5\r\nhello\r\n');
  },
);
