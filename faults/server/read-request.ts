import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import type { AskedRequest } from '../upstream/asked-request.ts';

/** A request that can't be passed to the handlers; `status` is the status to respond with. */
export class UnreadableRequest extends Error {
  readonly code = 'unreadable-request';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.name = 'UnreadableRequest';
    this.status = status;
  }
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A request with only the parts that handlers use: creating a full `Request` would cost as much as answering it. */
class WireRequest implements AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: AskedRequest['headers'];
  readonly signal: AbortSignal;
  readonly #body: Buffer;

  constructor({ method = 'GET', url, headers }: IncomingMessage, body: Buffer, clientGone: AbortSignal) {
    this.method = method;
    // Handlers match any host, and a client may send any.
    this.url = `https://fake.invalid${url}`;
    this.headers = new WireHeaders(headers);
    this.signal = clientGone;
    this.#body = body;
  }

  get body(): AskedRequest['body'] {
    return this.#body.byteLength === 0 ? null : new Response(new Uint8Array(this.#body)).body;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#body).buffer;
  }

  async json(): Promise<unknown> {
    return JSON.parse(utf8.decode(this.#body));
  }
}

/** The headers of an incoming message. A `Headers` would validate each of them. */
class WireHeaders {
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    return [this.#headers[name.toLowerCase()] ?? null].flat().join(', ') || null;
  }

  [Symbol.iterator](): ReturnType<Headers[typeof Symbol.iterator]> {
    const pairs = Object.entries(this.#headers).map(([name, value]) => [name, [value].flat().join(', ')]);
    return new Headers(pairs as [string, string][])[Symbol.iterator]();
  }
}

const utf8 = new TextDecoder();

/**
 * Converts an incoming message to a request for handlers. `clientGone` is aborted when the client disconnects.
 *
 * @throws UnreadableRequest 400 if the target or method is not valid for a `Request`
 */
export function toRequest(incoming: IncomingMessage, body: Buffer, clientGone: AbortSignal): AskedRequest {
  const request = new WireRequest(incoming, body, clientGone);
  if (URL.canParse(request.url) && !FORBIDDEN_METHODS.includes(request.method)) return request;
  throw new UnreadableRequest(400, `${incoming.method} ${incoming.url} is not a valid request`);
}

// Methods that a `Request` refuses (fetch.spec.whatwg.org, "forbidden method").
const FORBIDDEN_METHODS = ['CONNECT', 'TRACE', 'TRACK'];

/**
 * Reads the whole body of a request, at most 10 MiB.
 *
 * @throws UnreadableRequest 413 if the body is larger than 10 MiB
 * @throws Disconnect `client-gone` if the client disconnects before the end of the body
 */
export function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.once('end', () => {
      if (bytes <= MAX_BODY_BYTES) resolve(Buffer.concat(chunks));
      else reject(new UnreadableRequest(413, `a body of ${bytes} bytes; allowed: at most ${MAX_BODY_BYTES}`));
    });
    const gone = (): void => {
      // A request also closes after its end.
      if (!incoming.readableEnded) reject(new Disconnect('client-gone'));
    };
    incoming.once('close', gone);
    incoming.once('error', gone);
  });
}
