import { appendFile } from 'node:fs/promises';
import { listen } from '../../harness/base/listen.ts';

/** The limit for /limited, counted by client address in windows that start with a client's first request. */
export const LIMIT = { max: 10, windowSeconds: 1 };

/**
 * Starts a service in this process rather than through the harness. /health always responds with 200.
 *
 * @param log A file to which a line is written for each request.
 * @param admits How many requests it actually allows.
 */
export async function startLimitedServer({
  log,
  admits = LIMIT.max,
  windowSeconds = LIMIT.windowSeconds,
}: {
  log?: string;
  admits?: number;
  windowSeconds?: number;
} = {}) {
  const windows = new Map<string, { ends: number; hits: number }>();
  return await listen(async (request, response) => {
    if (log !== undefined) await appendFile(log, `${request.method} ${request.url}\n`);
    if (request.url === '/health') return response.end('ok');
    const client = request.socket.remoteAddress ?? '';
    const known = windows.get(client);
    const isFresh = known === undefined || known.ends <= Date.now();
    const window = isFresh ? { ends: Date.now() + windowSeconds * 1_000, hits: 0 } : known;
    windows.set(client, window);
    window.hits += 1;
    return response.writeHead(window.hits > admits ? 429 : 200).end();
  });
}

/** Creates the contract for a service that is already running at `url`. */
export const limitedContract = (url: string, log?: string, limited = LIMIT) => ({
  name: 'a limited server',
  start: { running: { url, ...(log !== undefined && { log }) }, readyPath: '/health', readySeconds: 2 },
  endpoints: {
    limited: { method: 'GET', path: '/limited', served: [200] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: { limits: { limited } } },
});
