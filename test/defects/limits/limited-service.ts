/**
 * A service whose limit counts all requests, or only those that are served, as COUNTS says. The argument is a defect.
 * Without it, the service is correct.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const { PORT, LLM_URL, TOKEN, COUNTS } = process.env;
const [, , DEFECT] = process.argv;

/** Number of requests per window for each client. */
const MAX = 6;
const WINDOW_MS = 2_000;

const windows = new Map<string, { began: number; count: number }>();

/** Returns the window of a client, which begins with its first request. */
function windowOf(client: string): { began: number; count: number } {
  const found = windows.get(client);
  const now = performance.now();
  if (found && now < found.began + WINDOW_MS) return found;
  const window = { began: now, count: 0 };
  windows.set(client, window);
  return window;
}

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

async function answer(request: IncomingMessage): Promise<number> {
  const body = await text(request);
  if (request.url === '/health') return 200;
  if (request.url !== '/ask') return 404;
  const rejected = rejection(request, body);
  if (rejected !== undefined && isFree(rejected)) return rejected;
  const window = windowOf(request.socket.remoteAddress ?? '');
  if (window.count >= MAX) return 429;
  window.count += 1;
  const status = rejected ?? (await ask().catch(() => 502));
  if (isFree(status)) window.count -= 1;
  return status;
}

createServer(async (request, response) => response.writeHead(await answer(request)).end()).listen(
  Number(PORT),
  '127.0.0.1',
);
