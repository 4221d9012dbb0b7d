import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import type { UpstreamRequest } from '../upstream/upstream-request.ts';

/** Thrown for a request that can't be passed to the handlers. `status` is the response status. */
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

interface WireOptions extends Required<Pick<UpstreamRequest, 'number' | 'note'>> {
  /** The complete body, or undefined to read it from the message as it arrives. */
  readonly body: Buffer | undefined;
  /** Aborted when the client disconnects. */
  readonly clientGone: AbortSignal;
  /** Whether the response may be compressed. Most faults that act on bodies need an uncompressed one. */
  readonly isCompressible: boolean;
}

/**
 * A request that has only the parts that handlers use. Creating a full `Request` would cost as much as responding to
 * it.
 */
class WireRequest implements UpstreamRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: UpstreamRequest['headers'];
  readonly signal: AbortSignal;
  readonly number: number;
  readonly note: WireOptions['note'];
  readonly #incoming: IncomingMessage;
  readonly #body: Buffer | undefined;

  constructor(incoming: IncomingMessage, { body, clientGone, isCompressible, number, note }: WireOptions) {
    const { method = 'GET', url, headers } = incoming;
    this.method = method;
    // Handlers match any host, and clients may send any host.
    this.url = `https://fake.invalid${url}`;
    this.headers = new WireHeaders(isCompressible ? headers : withoutCompression(headers));
    this.signal = clientGone;
    this.number = number;
    this.note = note;
    this.#incoming = incoming;
    this.#body = body;
  }

  get body(): UpstreamRequest['body'] {
    if (this.#body) return this.#body.byteLength === 0 ? null : new Response(new Uint8Array(this.#body)).body;
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = this.#incoming.headers;
    return length === '0' && encoding === undefined
      ? null
      : (Readable.toWeb(this.#incoming) as UpstreamRequest['body']);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(await this.#whole()).buffer;
  }

  async json(): Promise<unknown> {
    return JSON.parse(utf8.decode(await this.#whole()));
  }

  async #whole(): Promise<Buffer> {
    return this.#body ?? (await readBody(this.#incoming));
  }
}

const withoutCompression = ({ 'accept-encoding': _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders => headers;

/** The headers of an incoming message. A `Headers` object would validate each of them. */
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
 * Converts an incoming message to a request for handlers.
 *
 * @throws UnreadableRequest 400 if the target or method is not valid for a `Request`
 */
export function toRequest(incoming: IncomingMessage, options: WireOptions): UpstreamRequest {
  const request = new WireRequest(incoming, options);
  if (URL.canParse(request.url) && !FORBIDDEN_METHODS.includes(request.method)) return request;
  throw new UnreadableRequest(400, `${incoming.method} ${incoming.url} is not a valid request`);
}

// Methods that `Request` rejects (fetch.spec.whatwg.org, "forbidden method").
const FORBIDDEN_METHODS = ['CONNECT', 'TRACE', 'TRACK'];

/**
 * Reads a request's complete body, up to 10 MiB.
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
      // A request is also closed after it has ended.
      if (!incoming.readableEnded) reject(new Disconnect('client-gone'));
    };
    incoming.once('close', gone);
    incoming.once('error', gone);
  });
}
