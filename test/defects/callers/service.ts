/**
 * A service that authenticates and distinguishes callers in all ways that a contract can describe, selected by
 * AUTHENTICATION and CLIENT. The argument is a defect. Without it, the service is correct.
 */
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { allow } from './limits.ts';
import { beginSession } from './sessions.ts';
import { identify, withPasswordOf } from './verify.ts';

const { PORT, AUTHENTICATION, LOG_FILE } = process.env;
const [, , DEFECT] = process.argv;
const OPEN_TO_OTHERS = ['user-name-in-path-trusted', 'session-of-another-user-accepted'];

/** Checks the contents of the requests for each kind of body. */
const EXPECTED: Readonly<Record<string, (request: IncomingMessage, body: string) => boolean>> = {
  '/forms': ({ headers }, body) =>
    headers['content-type'] === 'application/x-www-form-urlencoded' &&
    /^n-\S+$/.test(new URLSearchParams(body).get('a name & more') ?? ''),
  '/texts': ({ headers }, body) => headers['content-type'] === 'text/csv' && /^id\n\S+\n$/.test(body),
  '/uploads': ({ headers }, body) =>
    /^multipart\/form-data/.test(headers['content-type'] ?? '') &&
    /name="by"\r\n\r\nada\r\n/.test(body) &&
    /name="file"; filename="notes.csv"\r\nContent-Type: text\/csv\r\n\r\nid\r?\n1\r?\n/.test(body),
  '/search': ({ headers, url = '' }) =>
    /^open \S+$/.test(String(headers['x-word'])) &&
    /\?q=a%20%26%20b$/.test(url) &&
    headers['content-type'] === undefined,
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number, headers = {}) => response.writeHead(status, headers).end();
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const body = await text(request);
  if (pathname === '/health') return void end(200);
  const expected = EXPECTED[pathname];
  if (expected) return void end(expected(request, body) ? 200 : 422);
  if (pathname === '/login') return logIn(body, response);
  const [, owner, name, id] = pathname.split('/');
  if (name !== 'notes') return void end(404);
  const caller = await identify(request);
  if (!caller) return void end(401);
  const isOthers = caller.user !== '' && caller.user !== decodeURIComponent(owner ?? '');
  if (isOthers && !OPEN_TO_OTHERS.includes(DEFECT ?? '')) return void end(403);
  const limit = id === undefined ? 'write' : 'read';
  const waitMs = allow(limit, request, caller);
  if (waitMs > 0) return void end(429, { 'Retry-After': String(Math.ceil(waitMs / 1_000)) });
  end(limit === 'write' ? 201 : 404);
}

/** Responds with a cookie or a token, depending on AUTHENTICATION. */
function logIn(body: string, response: ServerResponse): void {
  const fields = new URLSearchParams(body);
  const caller = withPasswordOf(fields.get('user') ?? '', fields.get('password') ?? '');
  if (!caller) return void response.writeHead(401).end();
  const session = beginSession(caller.user);
  if (AUTHENTICATION === 'cookie') {
    return void response
      .writeHead(303, { 'Set-Cookie': `sid=${session}; HttpOnly; Path=/`, Location: '/health' })
      .end();
  }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ data: { token: session } }));
}

/** Adds a line to the log in LOG_FILE. */
function log({ method, url, headers }: IncomingMessage): void {
  const { authorization = '' } = headers;
  const line = DEFECT === 'token-in-a-log-file' ? `${method} ${url} ${authorization}` : `${method} ${url}`;
  if (LOG_FILE !== undefined) appendFileSync(LOG_FILE, `${line}\n`);
}

createServer((request, response) => {
  log(request);
  answer(request, response).catch(() => response.writeHead(500).end());
}).listen(Number(PORT), '127.0.0.1');
