import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { MoreConnections } from '../../../harness/lab/more-connections.ts';
import { refusingPort } from '../../support/refusing-port.ts';

test('connections that the database refuses or cuts are closed without an error', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const number of [port, await refusingPort()]) {
    await using connections = new MoreConnections(`postgres://user@127.0.0.1:${number}/name`);
    await expect(connections.open()).resolves.toBe(false);
  }
  server.close();
});

test('without a database, nothing is opened', async () => {
  await using connections = new MoreConnections(undefined);
  await expect(connections.open()).resolves.toBe(false);
});
