import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What generators are measured against: a small answer to everything, as fast as Node gives it, in a process of its own.
 * Its port goes to stdout. `/seen` tells how many requests there have been since it was last asked, so that no generator is
 * taken at its word, and when those with a header `n` arrived: pairs of `n` and milliseconds.
 */
let served = 0;
/** Pairs of `n` and a time, one after the other: objects that last would keep the garbage collector, and so requests, waiting. */
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
// Whoever started it is gone.
process.stdin.on('close', () => process.exit()).resume();
