import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What the buffers of the system and of a client may hold beyond its limit, in bytes. */
export const BUFFERS = 16 * 2 ** 20;

/** Starts a server for a test, and returns its address and how many bytes it has sent on closed connections. */
export async function startCounting(listener: RequestListener) {
  let sent = 0;
  const server = createServer(listener);
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => {
      sent += socket.bytesWritten;
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent: () => sent };
}

/** Sends the same bytes for ever, as fast as the client reads them. */
export function sendForEver(response: ServerResponse, bytes: Buffer | string): void {
  const send = (): void => {
    while (!response.destroyed && response.write(bytes));
    if (!response.destroyed) response.once('drain', send);
  };
  response.on('error', () => {});
  send();
}
