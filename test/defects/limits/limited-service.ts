/**
 * A service with a limit. COUNTS says whether it counts all requests or only those that are served, and LIMITER whether
 * it has a window, a bucket of tokens, or counts requests in progress. The argument is a defect. Without it, the
 * service is correct.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { limiterFor } from './limiters.ts';

const { PORT, LLM_URL, TOKEN, COUNTS, LIMITER } = process.env;
const [, , DEFECT] = process.argv;

const limiter = limiterFor(LIMITER, DEFECT);

/** The outcomes that the limit does not count, by defect. */
const FREE: Readonly<Record<string, (status: number) => boolean>> = {
  'unauthenticated-requests-free': (status) => status === 401,
  'malformed-bodies-free': (status) => status === 400,
  'invalid-bodies-free': (status) => status === 422,
  'failed-requests-free': (status) => status >= 500,
  'failed-requests-counted': (status) => status < 500 && status >= 400,
  'invalid-bodies-counted': (status) => status >= 400 && status !== 422,
};
const correct = (status: number): boolean => COUNTS === 'served' && status !== 200;
const isFree = FREE[DEFECT ?? ''] ?? correct;

/** Whether the body of a request has a question. Returns undefined if it is no JSON. */
function hasQuestion(body: string): boolean | undefined {
  try {
    return typeof JSON.parse(body).question === 'string';
  } catch {
    return undefined;
  }
}

async function ask(): Promise<number> {
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_limited', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }),
  });
  await response.text();
  return response.ok ? 200 : 502;
}

/** Returns why a request can't be served, or undefined if it can. */
function rejection({ headers }: IncomingMessage, body: string): number | undefined {
  if (headers.authorization !== `Bearer ${TOKEN}`) return 401;
  const valid = hasQuestion(body);
  return valid === undefined ? 400 : valid ? undefined : 422;
}

/**
 * Returns the client's address. With a defect, it is the one in a header, or has a part by which its connections are
 * counted apart: their ports, or which of two processes has accepted them. "loopback-trusted" is no defect: like Rack,
 * it believes a header only from loopback.
 */
function clientOf({ headers, socket }: IncomingMessage): string {
  const [, trusted = ''] = DEFECT?.match(/^client-from-(.*)$/) ?? [];
  const { remotePort = 0 } = socket;
  if (DEFECT === 'loopback-trusted' && socket.remoteAddress?.startsWith('127.'))
    return String(headers['x-forwarded-for'] ?? socket.remoteAddress);
  if (DEFECT === 'port-in-the-key') return `${socket.remoteAddress}:${remotePort}`;
  if (DEFECT === 'counted-by-each-of-two-processes') return `${socket.remoteAddress} ${processOf(remotePort)}`;
  return String(headers[trusted] ?? socket.remoteAddress);
}

const processes = new Map<number, number>();

/** Returns the process that has accepted a connection, of two that take turns. */
function processOf(port: number): number {
  const known = processes.get(port) ?? processes.size % 2;
  processes.set(port, known);
  return known;
}

/** The time between two looks whether a request that is held back is allowed, in milliseconds. */
const LOOK_MS = 10;

/** Whether a request is allowed. With defects, the limit is off, or holds requests back until they are. */
async function isAllowed(client: string): Promise<boolean> {
  if (DEFECT?.endsWith('limit-off')) return true;
  if (!DEFECT?.endsWith('requests-held-back')) return limiter.take(client);
  while (!limiter.take(client)) await pause(LOOK_MS);
  return true;
}

/** How long a defect lets all requests through after a failure, in milliseconds. */
const OFF_MS = 10_000;
let offUntil = 0;

async function answer(request: IncomingMessage): Promise<number> {
  const body = await text(request);
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/health') return 200;
  if (pathname !== '/ask' && pathname !== '/again') return 404;
  const rejected = rejection(request, body);
  if (rejected !== undefined && isFree(rejected)) return rejected;
  const isApart = DEFECT === 'endpoints-counted-apart';
  const client = `${clientOf(request)}${isApart ? pathname : ''}`;
  if (DEFECT === 'crawlers-exempt' && /bot/i.test(request.headers['user-agent'] ?? '')) return ask();
  if (Date.now() < offUntil) return ask();
  if (!(await isAllowed(client))) return DEFECT?.endsWith('refused-with-503') ? 503 : 429;
  const status = rejected ?? (await ask().catch(() => 502));
  if (isFree(status)) limiter.giveBack(client);
  limiter.ended?.(client, status);
  if (DEFECT === 'failed-requests-counted-twice' && status >= 500) limiter.take(client);
  if (DEFECT === 'limiter-off-after-a-failure' && status >= 500) offUntil = Date.now() + OFF_MS;
  return status;
}

createServer(async (request, response) => response.writeHead(await answer(request)).end()).listen(
  Number(PORT),
  '127.0.0.1',
);
