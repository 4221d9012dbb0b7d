import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runSource } from '../run-source.ts';

/**
 * Starts a server that responds to the first request on each connection, and closes the connection on the second one.
 */
async function startForgetful(): Promise<string> {
  const server = createServer((socket) => {
    let requests = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as import('node:net').AddressInfo;
  return `http://127.0.0.1:${port}/`;
}

/** The expected behavior is that of k6 v1.6.1. The second request of each kind finds its connection closed. */
test('retries the same requests as Go if a keep-alive connection turns out to be closed', async () => {
  const kinds = [
    ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method, key: '' })),
    ...['Idempotency-Key', 'x-idempotency-key'].map((key) => ({ method: 'POST', key })),
  ];
  const source = `
    import http from 'k6/http';
    export default function () {
      for (const { method, key } of JSON.parse(__ENV.KINDS)) {
        http.get(__ENV.URL);
        const headers = key === '' ? {} : { [key]: '1' };
        console.log(http.request(method, __ENV.URL, null, { headers }).status);
      }
    }`;
  const { said } = await runSource(source, { env: { URL: await startForgetful(), KINDS: JSON.stringify(kinds) } });
  expect(said.map(Number)).toEqual([200, 200, 200, 200, 0, 0, 0, 0, 200, 200]);
});
