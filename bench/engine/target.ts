import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createCertificates } from '../../faults/certificates/certificates.ts';

/**
 * The server that generators send requests to. It runs in a separate process, sends a small response to every request,
 * and prints its origins to stdout: with and without TLS, and with HTTP/2. `/seen` returns what arrived since the last
 * call, so that we don't have to rely on the generators' own counts: the number of requests, and an
 * `[n, arrival time in milliseconds]` pair for each request with an `n` header.
 */
let served = 0;
/**
 * Alternating `n` values and arrival times. Long-lived objects would cause garbage collection pauses that delay
 * requests.
 */
const arrivals = new Float64Array(2_000_000);
let arrived = 0;
const answer: RequestListener = (request, response) => {
  if (request.url === '/seen') {
    const pairs = Array.from({ length: arrived / 2 }, (_, pair) => [arrivals[2 * pair], arrivals[2 * pair + 1]]);
    response.end(JSON.stringify({ served, arrivals: pairs }));
    served = 0;
    arrived = 0;
    return;
  }
  served += 1;
  if (request.headers.n !== undefined) {
    arrivals[arrived] = Number(request.headers.n);
    arrivals[arrived + 1] = performance.now();
    arrived += 2;
  }
  response.end('{"status":"ok"}');
};

async function originOf(server: Server, scheme: string): Promise<string> {
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 }), 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const { trusted } = await createCertificates();
const origins = {
  http: await originOf(createServer(answer), 'http'),
  https: await originOf(createTlsServer(trusted, answer), 'https'),
  // The listener works with both kinds of requests, but the types of Node don't say so.
  http2: await originOf(createSecureServer(trusted, answer as never), 'https'),
};
process.stdout.write(`${JSON.stringify(origins)}\n`);
// The parent process has exited.
process.stdin.on('close', () => process.exit()).resume();
