import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { OutboundGuard } from './outbound-guard.ts';

async function listener() {
  const server = createServer((socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return { origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

test('allows the given origins, and blocks and records all others', async () => {
  await using allowed = await listener();
  await using other = await listener();
  using guard = new OutboundGuard([allowed.origin]);
  await expect(fetch(allowed.origin)).rejects.toThrow();
  expect(guard.takeRefused()).toEqual([]);
  await expect(fetch(other.origin)).rejects.toThrow();
  await expect(fetch('https://telemetry.invalid/path')).rejects.toThrow();
  expect(guard.takeRefused()).toEqual([new URL(other.origin).host, 'telemetry.invalid:443']);
  expect(guard.takeRefused()).toEqual([]);
});

test('allows everything after it has been disposed of', async () => {
  await using other = await listener();
  {
    using _guard = new OutboundGuard([]);
  }
  await expect(fetch(other.origin)).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } });
});
