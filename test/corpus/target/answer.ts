import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { collectionNamed, echoOf, PAGE, PIZZA, RESOURCE } from './documents.ts';

/** A request and the means to respond to it. */
interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** The path's segments after the one that selected the response. */
  readonly args: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  send(status: number, content: string | Buffer, headers?: Record<string, string | string[]>): void;
  json(document: unknown, status?: number): void;
}

type Answer = (exchange: Exchange) => void;

const CHALLENGE = 'Digest realm="target", nonce="nonce", qop="auth", opaque="opaque"';

const cookiesOf = ({ headers }: Exchange): Record<string, string> =>
  Object.fromEntries((headers.cookie ?? '').split('; ').flatMap((pair) => (pair ? [pair.split('=', 2)] : [])));

const authorized =
  (scheme: string, challenge: string): Answer =>
  ({ headers, args, json, send }) => {
    if (headers.authorization?.startsWith(scheme)) json({ authenticated: true, authorized: true, user: args[0] });
    else send(401, '', { 'www-authenticate': challenge });
  };

const compressed =
  (encoding: string, compress: (text: string) => Buffer): Answer =>
  (exchange) =>
    exchange.send(200, compress(JSON.stringify(echo(exchange))), {
      'content-type': 'application/json',
      'content-encoding': encoding,
    });

const echo = ({ method, url, headers, body }: Exchange) => echoOf({ method, url, headers, body });
const echoed: Answer = (exchange) => exchange.json(echo(exchange));
const redirected: Answer = ({ args, send }) => {
  const left = Number(args[0] ?? 1);
  send(302, '', { location: left > 1 ? `/redirect/${left - 1}` : '/get' });
};

/** Responses like those of public test services (httpbin, QuickPizza), by the first segment that has one. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(['get', 'post', 'put', 'patch', 'delete', 'anything', 'headers'].map((name) => [name, echoed])),
  status: ({ args, send }) => send(Number(args[0]) || 200, ''),
  delay: (exchange) => void setTimeout(() => echoed(exchange), 20),
  redirect: redirected,
  'relative-redirect': redirected,
  'absolute-redirect': redirected,
  cookies: (exchange) => {
    const { args, url, send, json } = exchange;
    if (args[0] === undefined) {
      json({ cookies: cookiesOf(exchange) });
      return;
    }
    const [name, value] = args.slice(1);
    const pairs = name === undefined ? [...url.searchParams] : [[name, value]];
    const end = args[0] === 'delete' ? '; Max-Age=0' : '';
    send(302, '', { location: '/cookies', 'set-cookie': pairs.map(([key, text]) => `${key}=${text}; Path=/${end}`) });
  },
  'basic-auth': authorized('Basic ', 'Basic realm="target"'),
  'digest-auth': authorized('Digest ', CHALLENGE),
  bearer: authorized('Bearer ', 'Bearer'),
  gzip: compressed('gzip', gzipSync),
  deflate: compressed('deflate', deflateSync),
  brotli: compressed('br', brotliCompressSync),
  bytes: ({ args, send }) =>
    send(200, Buffer.alloc(Math.min(Number(args[0]) || 1, 100_000), 'b'), {
      'content-type': 'application/octet-stream',
    }),
  pizza: ({ json }) => json(PIZZA),
  graphql: ({ json }) => json({ data: RESOURCE }),
  html: ({ send }) => send(200, PAGE, { 'content-type': 'text/html' }),
};

const FILES: Readonly<Record<string, string>> = {
  css: 'text/css',
  js: 'text/javascript',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  csv: 'text/csv',
  xml: 'application/xml',
};

/** Words at the end of a path that sign a user in. These requests create nothing. */
const SIGN_IN = /(login|token|auth|signin|session|search|authenticate)\/?$/i;

/** Responds to a request with something that scripts can work with. */
export function answer(
  request: IncomingMessage | Http2ServerRequest,
  body: Buffer,
  response: ServerResponse | Http2ServerResponse,
): void {
  // A path may begin with two slashes. In a URL, the host would follow them.
  const url = new URL(String(request.url).replace(/^\/+/, '/'), 'http://target');
  const segments = url.pathname.split('/').filter(Boolean);
  const method = request.method ?? 'GET';
  const send: Exchange['send'] = (status, content, headers = {}) => {
    const hasBody = method !== 'HEAD' && status !== 204 && status !== 304 && status >= 200;
    const length = hasBody ? { 'content-length': String(Buffer.byteLength(content)) } : {};
    // Two signatures of `writeHead` and `end`, for both versions of HTTP.
    (response as ServerResponse).sendDate = false;
    (response as ServerResponse).writeHead(status, { 'content-type': 'text/plain', ...length, ...headers });
    (response as ServerResponse).end(hasBody ? content : undefined);
  };
  const json: Exchange['json'] = (document, status = 200) =>
    send(status, JSON.stringify(document), { 'content-type': 'application/json' });
  const at = segments.findIndex((segment) => Object.hasOwn(ANSWERS, segment));
  const exchange: Exchange = { method, url, args: segments.slice(at + 1), headers: request.headers, body, send, json };
  if (at >= 0) (ANSWERS[segments[at] as string] as Answer)(exchange);
  else other(exchange, segments);
}

/** Responds to a path that nothing is known about: with a page, a file, a collection or a resource. */
function other({ method, url, headers, send, json }: Exchange, segments: readonly string[]): void {
  const last = segments.at(-1) ?? '';
  const type = FILES[/\.(\w+)$/.exec(last)?.[1]?.toLowerCase() ?? ''];
  if (type !== undefined) {
    send(200, 'content', { 'content-type': type });
    return;
  }
  const wantsJson = headers.accept?.includes('json') || headers['content-type']?.includes('json');
  const isPage = segments.length === 0 || /\.(php|html?|aspx?)$/.test(last);
  const isCollection = /[a-z]s$/i.test(last) && !last.endsWith('ss') && method === 'GET';
  if (isPage && !wantsJson) {
    send(200, PAGE, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': ['session=abc123; Path=/'] });
  } else if (method === 'DELETE') send(204, '');
  else if (method === 'POST') json(RESOURCE, SIGN_IN.test(url.pathname) ? 200 : 201);
  else json(isCollection ? collectionNamed(last, url) : RESOURCE);
}
