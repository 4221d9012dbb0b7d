import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** How long after the upgrade the server ends a connection by itself, in milliseconds. */
const LIFE_MS = 20;

/**
 * Starts a WebSocket server that echoes messages. Some paths behave differently: `/refuse` rejects the upgrade,
 * `/headers` sends the request headers, `/ping` pings, `/close` and `/empty` close the connection with and without a
 * code, and `/break` terminates it. Requests without an upgrade get 404.
 */
export async function startEchoSockets(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((_, response) => response.writeHead(404).end('no'));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/refuse') {
      return socket.end('HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 3\r\n\r\nno!');
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
      if (request.url === '/headers') client.send(JSON.stringify(request.headers));
      if (request.url === '/ping') client.ping();
      if (request.url === '/close') setTimeout(() => client.close(4001, 'enough'), LIFE_MS);
      if (request.url === '/empty') setTimeout(() => client.close(), LIFE_MS);
      if (request.url === '/break') setTimeout(() => client.terminate(), LIFE_MS);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      for (const client of sockets.clients) client.terminate();
      server.close();
    },
  };
}
