import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The server that generators send requests to. It runs in a separate process, sends a small response to every request,
 * and prints its port to stdout. `/seen` returns what arrived since the last call, so that we don't have to rely on the
 * generators' own counts: the number of requests, and an `[n, arrival time in milliseconds]` pair for each request with
 * an `n` header.
 */
let served = 0;
/**
 * Alternating `n` values and arrival times. Long-lived objects would cause garbage collection pauses that delay
 * requests.
 */
const arrivals = new Float64Array(2_000_000);
let arrived = 0;
const server = createServer((request, response) => {
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
}).listen({ port: 0, host: '127.0.0.1', backlog: 2_048 });
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
// The parent process has exited.
process.stdin.on('close', () => process.exit()).resume();
