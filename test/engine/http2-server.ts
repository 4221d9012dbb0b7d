import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { keptCertificates } from '../support/kept-certificates.ts';

const { trusted } = await keptCertificates();

/** What a path of the server does with a stream. The number is that in the query. */
type Behavior = (stream: ServerHttp2Stream, number: number, server: Http2Server) => void;

const answer = (stream: ServerHttp2Stream, body: string, headers = {}) => {
  stream.respond({ ':status': 200, ...headers });
  stream.end(body);
};

const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  '/connection': (stream, _, { sessions }) => answer(stream, String(sessions)),
  '/headers': (stream) => answer(stream, '', { 'x-two': ['1', '2'], 'set-cookie': ['a=1', 'b=2'], etag: '"e"' }),
  '/status': (stream, status) => {
    stream.respond({ ':status': status }, { endStream: true });
  },
  '/echo': (stream, _, { headers }) => {
    const parts: Buffer[] = [];
    const { ':method': method, 'content-length': length } = headers;
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => answer(stream, JSON.stringify({ method, length, body: String(Buffer.concat(parts)) })));
  },
  '/large': (stream, bytes) => answer(stream, 'x'.repeat(bytes)),
  '/hang': () => {},
  '/slow': (stream, ms) => void setTimeout(() => answer(stream, 'slow'), ms),
  '/reset': (stream, code) => stream.close(code),
  '/short': (stream, code) => {
    stream.respond({ ':status': 200, 'content-length': 10 });
    stream.write('half', () => stream.close(code));
  },
  '/cut': (stream) => {
    stream.respond({ ':status': 200 });
    stream.write('half', () => stream.destroy(new Error('cut')));
  },
  '/refuse': (stream, times, server) => {
    server.refused += 1;
    if (server.refused > times) answer(stream, `after ${times}`);
    else stream.close(constants.NGHTTP2_REFUSED_STREAM);
  },
  '/go-away': (stream, code, { sockets }) => {
    stream.session?.goaway(code, stream.id);
    const socket = sockets.at(-1);
    // If it were destroyed with unread bytes, the client would get a reset instead of the frame.
    setTimeout(() => socket?.end(), 20);
  },
  '/last': (stream) => {
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
    answer(stream, 'last');
  },
  '/close': (_, __, { sockets }) => void sockets.at(-1)?.destroy(),
  '/break': (_, __, { sockets }) => void sockets.at(-1)?.resetAndDestroy(),
  '/events': (stream) =>
    answer(stream, 'data: one\n\ndata: two\n\ndata: [DONE]\n\n', { 'content-type': 'text/event-stream' }),
};

interface Http2Server {
  readonly url: string;
  /** The TCP connections, oldest first. */
  readonly sockets: Socket[];
  sessions: number;
  refused: number;
  /** The error code with which each request was cancelled. */
  readonly cancelled: number[];
  /** The header fields of the latest request. */
  headers: IncomingHttpHeaders;
}

/**
 * Starts a server that speaks HTTP/2, and HTTP/1.1 to clients that don't.
 *
 * @param offers Whether it offers HTTP/2.
 */
export async function startHttp2(options: SecureServerOptions = {}, offers = true): Promise<Http2Server> {
  const server = offers
    ? createSecureServer({ ...trusted, allowHTTP1: true, ...options })
    : (createServer(trusted) as unknown as ReturnType<typeof createSecureServer>);
  const state: Http2Server = { url: '', sockets: [], sessions: 0, refused: 0, cancelled: [], headers: {} };
  server.on('connection', (socket: Socket) => {
    state.sockets.push(socket.on('error', () => {}));
  });
  server.on('session', (session) => {
    state.sessions += 1;
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {}).on('aborted', () => state.cancelled.push(stream.rstCode ?? -1));
    state.headers = headers;
    const { pathname, search } = new URL(headers[':path'] ?? '/', 'https://localhost');
    (BEHAVIORS[pathname] ?? answer)(stream, Number(search.slice(1)) as never, state);
  });
  server.on('request', (request, response) => {
    if (request.httpVersionMajor === 1) response.end('HTTP/1.1');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of state.sockets) socket.destroy();
    server.close();
  });
  return Object.assign(state, { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
