import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import { startFakes } from '../../../faults/fakes/start-fakes.ts';
import type { ConnectionReceipt } from '../../../faults/receipts/receipts.ts';
import { freePort } from '../../../harness/process/readiness.ts';
import { defineUpstreams } from '../../../mocks/define-upstreams.ts';
import { until } from '../../mocks/fake-lab.ts';

/** Starts an upstream in front of a TCP server. */
async function proxyTo(port: number) {
  const fakes = await startFakes(defineUpstreams({ cache: { tcp: `127.0.0.1:${port}` } }));
  onTestFinished(() => fakes[Symbol.asyncDispose]());
  const { hostname, port: own } = new URL(fakes.upstreams.cache);
  const control = async (method: string, path: string, body?: unknown) => {
    const init = { method, headers: { 'content-type': 'application/json', ...bearer(fakes.token) } };
    return (await fetch(fakes.control + path, body ? { ...init, body: JSON.stringify(body) } : init)).json();
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
    receipts: async () => ((await control('GET', '/receipts')) as { receipts: ConnectionReceipt[] }).receipts,
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
  const closed = await cache.add({ kind: 'half-close' });
  half.resume();
  await once(half, 'end');
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
  expect(receipts.filter(({ kind }) => kind === 'connection').map(({ faults }) => faults)).toEqual([
    ['f2:reset'],
    ['f3:half-close'],
    ['f4:latency', 'f5:blackhole'],
  ]);
});

test('a connection is reset while the server is down', async () => {
  const cache = await proxyTo(await freePort());
  const socket = await cache.dial();
  expect(await failureOf(socket)).toBe('ECONNRESET');
  await until(async () => (await cache.receipts())[0]?.outcome === 'server-gone');
});

test('faults and certificates that its protocol does not have are refused by name', async () => {
  const cache = await proxyTo(await echoServer());
  const refusal = async (method: string, path: string, body: object) =>
    (await cache.control(method, `/upstreams/cache/${path}`, body)) as { error: { code: string; message: string } };
  expect(await refusal('POST', 'faults', { kind: 'status', status: 503 })).toMatchObject({
    error: { code: 'unknown-fault-kind', message: expect.stringContaining('"status"; allowed: latency, blackhole') },
  });
  expect(await refusal('POST', 'faults', { kind: 'reset', route: 'GET /' })).toHaveProperty('error');
  expect(await refusal('PUT', 'certificate', { kind: 'expired' })).toMatchObject({ error: { code: 'no-tls' } });
  expect(await refusal('PUT', 'settings', { a: 1 })).toMatchObject({ error: { code: 'unknown-field' } });
});

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

test.skipIf(!hasRedis)('Redis works behind it, and takes its faults (skipped without redis-server)', async () => {
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp']);
  onTestFinished(() => void redis.kill('SIGKILL'));
  const isUp = async () => {
    const probe = connect({ host: '127.0.0.1', port });
    const up = await once(probe, 'connect').then(
      () => true,
      () => false,
    );
    probe.destroy();
    return up;
  };
  await until(isUp);
  const cache = await proxyTo(port);
  const client = await cache.dial();
  expect(await echo(client, 'SET greeting hello\r\n')).toBe('+OK\r\n');
  expect(await echo(client, 'GET greeting\r\n')).toBe('$5\r\nhello\r\n');
  const failed = failureOf(client);
  await cache.heal(await cache.add({ kind: 'reset' }));
  expect(await failed).toBe('ECONNRESET');
  expect(await echo(await cache.dial(), 'GET greeting\r\n')).toBe('$5\r\nhello\r\n');
});
