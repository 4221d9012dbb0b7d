/**
 * A service with a single promise: each client gets 20 requests in two seconds, then 429 with Retry-After. The README
 * explains its contract, `proofload.yaml`, which is in the same folder.
 */
import { createServer } from 'node:http';

const LIMIT = 20;
const WINDOW_MS = 2_000;
const windows = new Map();

/** Counts a client's request. Returns how many seconds the client must wait, or 0 if the request is allowed. */
function secondsToWait(client, now) {
  const current = windows.get(client);
  if (current === undefined || now >= current.end) {
    windows.set(client, { count: 1, end: now + WINDOW_MS });
    return 0;
  }
  current.count += 1;
  return current.count > LIMIT ? Math.ceil((current.end - now) / 1_000) : 0;
}

const server = createServer(({ url, socket }, response) => {
  const [path] = url.split('?');
  if (path === '/health') return response.end('ok');
  if (path !== '/items') return response.writeHead(404).end();
  const seconds = secondsToWait(socket.remoteAddress, performance.now());
  if (seconds > 0) return response.writeHead(429, { 'retry-after': seconds }).end();
  response.end('["apple", "pear"]');
});

server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
