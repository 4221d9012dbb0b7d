import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import { Unserved } from '../upstream/unserved.ts';
import type { Responder } from '../upstream/upstream.ts';
import type { UpstreamRequest } from '../upstream/upstream-request.ts';

const require = createRequire(import.meta.url);

interface ForwardOptions {
  /**
   * The reason to record if the server closes a connection before the end of a response. Omit it if the server may do
   * so on purpose.
   */
  readonly whyCut?: string;
  /** Headers to add to all requests. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Forwards every request to a server, with the server's own `Host`. Bodies are streamed in both directions. Disposing
 * of it closes its connections.
 */
export class Forward implements Responder, AsyncDisposable {
  readonly #target: string;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #whyCut: string | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent = createAgent();

  /** `target` consists of a scheme, host and port, and optionally a base path for all requests. */
  constructor(target: string, { whyCut, headers = {} }: ForwardOptions = {}) {
    const { origin, pathname } = new URL(target);
    this.#target = target.replace(/\/$/, '');
    this.#origin = origin;
    this.#basePath = pathname.replace(/\/$/, '');
    this.#whyCut = whyCut;
    this.#headers = headers;
  }

  /**
   * @throws Unserved 502 if no connection can be made, or the server does not speak HTTP, or sends only informational
   * responses (1xx)
   * @throws Disconnect `cut` if the server closes the connection before it responds, or `client-gone` if the client
   * does
   */
  async answer(request: UpstreamRequest): Promise<Response> {
    const tooMany = new AbortController();
    let informational = 0;
    try {
      const answered = await this.#agent.request({
        origin: this.#origin,
        // undici would normalize a URL: `/a/../b` would leave the base path.
        path: this.#basePath + targetOf(request.url) || '/',
        method: request.method as Dispatcher.HttpMethod,
        headers: [...endToEnd(request.headers), ...Object.entries(this.#headers)].flat(),
        signal: AbortSignal.any([request.signal, tooMany.signal]),
        onInfo: () => {
          informational += 1;
          if (informational > MOST_INFORMATIONAL) tooMany.abort();
        },
        // A byte stream is an async iterable, which undici accepts.
        body: request.body as unknown as Readable | null,
      });
      return toResponse(answered, request.signal, this.#whyCut);
    } catch (error) {
      if (request.signal.aborted) throw clientGone(error);
      if (tooMany.signal.aborted) throw new Unserved(502, `${this.#target} ${ENDLESS}`, error);
      const code = codeOf(error);
      if (AFTER_CONNECTING.includes(code)) throw cut(error, this.#whyCut);
      throw new Unserved(502, `${this.#target} can't be reached: ${code}`, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Maximum number of informational responses, such as 103, before a response. */
const MOST_INFORMATIONAL = 100;
const ENDLESS = `sent more than ${MOST_INFORMATIONAL} informational responses (1xx) before a response`;

/** Errors that occur only on an established connection. */
const AFTER_CONNECTING = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_RES_EXCEEDED_MAX_SIZE'];

const codeOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
};

/** Returns the path and query of a URL exactly as they were sent. `URL` would normalize them. */
const targetOf = (url: string): string => url.replace(/^\w+:\/\/[^/?#]*/, '');

/** Headers that concern a single connection (RFC 9110, section 7.6.1), and headers that this client sets itself. */
const OF_A_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
];

/** Returns the headers without the hop-by-hop ones. The `Connection` header may list additional ones. */
function endToEnd(headers: UpstreamRequest['headers']): [string, string][] {
  const listed = (headers.get('connection') ?? '').toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([...OF_A_CONNECTION, ...listed]);
  return [...headers].filter(([name]) => !dropped.has(name.toLowerCase()));
}

const WITHOUT_BODY = [204, 205, 304];

function toResponse(
  { statusCode, headers: given, body }: Dispatcher.ResponseData,
  signal: AbortSignal,
  whyCut?: string,
): Response {
  const all = new Headers();
  for (const [name, value] of Object.entries(given)) for (const text of [value ?? []].flat()) all.append(name, text);
  const headers = new Headers(endToEnd(all));
  if (!WITHOUT_BODY.includes(statusCode))
    return new Response(streamOf(body, signal, whyCut), { status: statusCode, headers });
  body.resume();
  return new Response(null, { status: statusCode, headers });
}

/** Returns the body as a stream that fails with a `Disconnect` if the client or the server ends it prematurely. */
function streamOf(
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
  whyCut?: string,
): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(signal.aborted ? clientGone(error) : cut(error, whyCut));
      }
    },
    cancel() {
      body.destroy();
    },
  });
}

const clientGone = (cause: unknown): Disconnect => new Disconnect('client-gone', undefined, { cause });
const cut = (cause: unknown, why: string | undefined): Disconnect => new Disconnect('cut', undefined, { cause, why });

function createAgent() {
  // It has a hundred modules, and most upstreams are fakes.
  const { Agent } = require('undici') as typeof import('undici');
  return new Agent({
    // The server may take as long as it likes, because timeouts are up to the client.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Most servers keep idle connections open for two seconds or longer. A request on a connection that the server is
    // just closing would fail.
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 1_000,
  });
}
