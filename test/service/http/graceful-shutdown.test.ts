import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { gracefulShutdown } from '../../../service/http/graceful-shutdown.ts';
import { InFlight } from '../../../service/http/in-flight.ts';

/** Starts a server that responds to `/slow` when the test says so, and to everything else immediately. */
async function startServer() {
  const slow = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    if (request.url === '/slow') {
      arrived.resolve();
      await slow.promise;
    }
    response.end('done');
  });
  const shutDown = gracefulShutdown(server, new InFlight(server));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = server.address() as AddressInfo;
  const request = (path: string) => get({ port, host: '127.0.0.1', path, agent });
  return { shutDown, answerSlow: () => slow.resolve(), slowArrived: arrived.promise, request };
}

async function read(request: ReturnType<typeof get>): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

test("an idle keep-alive connection doesn't delay the shutdown", async () => {
  const { shutDown, request } = await startServer();
  await read(request('/fast'));
  await shutDown(60_000);
});

test('a request on a keep-alive connection gets Connection: close', async () => {
  const { shutDown, request } = await startServer();
  await read(request('/fast'));
  const ended = shutDown(60_000);
  expect((await read(request('/fast'))).headers.connection).toBe('close');
  await ended;
});

test('remaining connections are destroyed after the grace period', async () => {
  const { shutDown, slowArrived, request } = await startServer();
  const sent = request('/slow');
  const failed = once(sent, 'error');
  await slowArrived;
  await shutDown(50);
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
});
