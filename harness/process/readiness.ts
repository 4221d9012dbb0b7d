import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { now, pause } from '../base/clock.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';
import { beginningOf } from '../base/in-words.ts';
import { secrets } from '../base/secrets.ts';

/** Whether a process is ready. If it is not, `answer` is its last response, if there was one. */
interface Readiness {
  isReady: boolean;
  /** The status and the beginning of the body, such as "404 with the body: Not Found". Secrets are redacted. */
  answer?: string;
}

/**
 * Polls a URL while the process is running, until it responds with 2xx or `limitMs` milliseconds have passed.
 *
 * @param isReady Whether a response means that it is ready. Defaults to those with 2xx.
 */
export async function awaitReady(
  process: { running: boolean },
  url: string,
  limitMs: number,
  isReady: (response: Response) => boolean = ({ ok }) => ok,
): Promise<Readiness> {
  const deadline = now() + limitMs;
  // A connection that stayed open would count for the service, which may wait for idle clients before it exits.
  const headers = { connection: 'close' };
  let answer: string | undefined;
  while (process.running && now() < deadline) {
    const response = await fetchDirectly(url, { headers, signal: AbortSignal.timeout(1_000) }).catch(() => null);
    if (response && !isReady(response)) answer = await answerOf(response).catch(() => `${response.status}`);
    else await response?.body?.cancel();
    if (response && isReady(response)) return { isReady: true };
    await pause(25);
  }
  return { isReady: false, ...(answer !== undefined && { answer }) };
}

/** Number of bytes of a body to read. Only its beginning is shown. */
const READ = 4_096;

async function answerOf({ status, headers, body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    if (chunks.reduce((sum, { length }) => sum + length, 0) >= READ) break;
  }
  const text = beginningOf(secrets.redact(Buffer.concat(chunks).toString('utf8')));
  const location = headers.get('location');
  const answer =
    location === null ? String(status) : `${status}, a redirect to ${secrets.redact(location)}, not followed`;
  return text === '' ? answer : `${answer} with the body: ${text}`;
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
