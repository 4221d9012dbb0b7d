import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { now, pause } from '../base/clock.ts';

/** Polls a URL while the process is running. Returns whether it responded with 2xx within `limitMs` milliseconds. */
export async function isReady(process: { running: boolean }, url: string, limitMs: number): Promise<boolean> {
  const deadline = now() + limitMs;
  while (process.running && now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await pause(25);
  }
  return false;
}

/** Ports below the range that Linux (from 32768) and other systems use for outgoing connections. */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];
const given = new Set<number>();

/**
 * Returns a port on 127.0.0.1 that was free when it was checked. Within a process, it never returns the same port
 * twice.
 *
 * @throws Error if a hundred ports in a row are in use
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
