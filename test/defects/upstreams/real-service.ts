/**
 * A service that calls a search engine and counts its hits in a cache (see real.ts). The argument is a defect. Without
 * it, the service is correct.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const { PORT, SEARCH_URL, CACHE = '', DEFAULT_CACHE = '' } = process.env;
const [, , DEFECT] = process.argv;

/** Searches once. The defect repeats a failed search, so that a search engine in trouble gets twice the load. */
async function find(attempts = DEFECT === 'search-sent-again' ? 2 : 1): Promise<string> {
  const response = await fetch(`${SEARCH_URL}/documents?q=proofload`);
  if (!response.ok && attempts > 1) return find(attempts - 1);
  if (!response.ok) throw new Error(`the search engine responded with ${response.status}`);
  return response.text();
}

/** Counts a hit. The defect ignores the setting with the address of the cache. */
async function countHit(): Promise<string> {
  const [host, port] = (DEFECT === 'cache-address-in-the-code' ? DEFAULT_CACHE : CACHE).split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    socket.write('hit\n');
    const [count] = await once(socket, 'data');
    return String(count);
  } finally {
    socket.destroy();
  }
}

const ROUTES: Readonly<Record<string, () => Promise<string>>> = {
  '/health': async () => 'up',
  '/find': () => find(),
  '/hits': countHit,
};

const server = createServer(async ({ url = '' }, response) => {
  const route = ROUTES[url];
  if (!route) return response.writeHead(404).end();
  await route().then(
    (text) => response.writeHead(200).end(text),
    (error: Error) => response.writeHead(502).end(error.message),
  );
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
