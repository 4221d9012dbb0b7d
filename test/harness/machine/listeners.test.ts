import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { parseListeners, portsOf, readListening } from '../../../harness/machine/listeners.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

const line = (port: number, state: string) =>
  `   0: 0100007F:${port.toString(16).toUpperCase()} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${port} 1`;

/** As /proc/net/tcp lists sockets: first those that listen (0A), and then others, such as closed ones (06). */
const sockets = (listening: number, closed: number) => [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  ...Array.from({ length: listening }, (_, index) => line(10_000 + index, '0A')),
  ...Array.from({ length: closed }, (_, index) => line(30_000 + index, '06')),
];

test.for([
  [1, 0],
  [500, 10_000],
] as const)('all of %i sockets that listen are read, and few of %i others', async ([listening, closed]) => {
  const table = await temporaryFile('tcp', `${sockets(listening, closed).join('\n')}\n`);
  const read = readListening(table) ?? '';
  const ports = sockets(listening, 0).flatMap((_, index) => parseListeners(read, 10_000 + index));
  expect(ports).toHaveLength(listening);
  expect(read.split('\n').length - listening).toBeLessThan(500);
});

test('a system without the table reports nothing', () => {
  expect(readListening('/nonexistent/tcp')).toBeUndefined();
});

test('the ports at which a process listens are known, and only these', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(portsOf([process.pid])).toContain(port);
  server.close();
  await once(server, 'close');
  expect(portsOf([process.pid])).not.toContain(port);
  // It has ended, or never existed.
  expect(portsOf([2 ** 30])).toBeUndefined();
});
