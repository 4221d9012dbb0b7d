import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { now, pause } from '../base/clock.ts';

/** Whether an address answers 2xx before the limit (in milliseconds), while the process that should answer is there. */
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

/** Ports below those that Linux (from 32768) and others give to outgoing connections: none of these takes one in between. */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];
const given = new Set<number>();

/**
 * A port of 127.0.0.1 that was free a moment ago, and that this process has not been given before: whoever asks at the same
 * time gets another.
 *
 * @throws Error where a hundred in a row are taken.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port was found between ${FIRST_PORT} and ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
