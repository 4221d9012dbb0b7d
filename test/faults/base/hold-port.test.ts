import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { holdPort } from '../../../faults/base/hold-port.ts';

const SOCKETS = '/proc/net/tcp';
if (!existsSync(SOCKETS)) console.warn('it is not checked that a held port is in use: only Linux lists the sockets');

/** Whether the system lists a connection of a port to itself. */
function isHeld(port: number): boolean {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(SOCKETS, 'utf8').includes(` ${address} ${address} 01 `);
}

/** Returns the error of a connection to a port, or undefined if there is none. */
const errorAt = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
  });

test('a held port refuses connections, is in use, and can be listened to again', async () => {
  const server = createServer((socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const open = connect(port, '127.0.0.1').on('error', () => {});
  await once(open, 'connect');
  server.close();
  const release = holdPort(port);
  expect(await errorAt(port)).toBe('ECONNREFUSED');
  if (existsSync(SOCKETS)) expect(isHeld(port)).toBe(true);
  release();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  expect(await errorAt(port)).toBeUndefined();
  if (existsSync(SOCKETS)) expect(isHeld(port)).toBe(false);
  open.destroy();
  server.close();
});

test('a port that is given back at once, or twice, or belongs to another server, is left alone', async () => {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const release = holdPort(port);
  expect(await errorAt(port)).toBeUndefined();
  release();
  holdPort(port)();
  expect(await errorAt(port)).toBeUndefined();
  server.close();
});
