import type { IncomingMessage } from 'node:http';
import { Disconnect } from '../kinds/disconnect.ts';
import type { AskedRequest } from '../upstream/route.ts';

/** A request that can't be handed to the handlers; `status` is what to answer. */
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

/** A request from the wire, as far as handlers read one: a `Request` of its own would cost as much as answering it. */
class WireRequest implements AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: AskedRequest['headers'];
  readonly #body: Buffer;

  constructor({ method = 'GET', url, headers }: IncomingMessage, body: Buffer) {
    this.method = method;
    // The host is not looked at: the handlers match any, and a client may say any.
    this.url = `https://fake.invalid${url}`;
    this.headers = { get: (name) => [headers[name.toLowerCase()] ?? null].flat().join(', ') || null };
    this.#body = body;
  }

  async json(): Promise<unknown> {
    return JSON.parse(utf8.decode(this.#body));
  }
}

const utf8 = new TextDecoder();

/**
 * Turns a request from the wire into one that handlers take.
 *
 * @throws UnreadableRequest 400 for a target or method that no `Request` can have
 */
export function toRequest(incoming: IncomingMessage, body: Buffer): AskedRequest {
  const request = new WireRequest(incoming, body);
  if (URL.canParse(request.url) && !FORBIDDEN_METHODS.includes(request.method)) return request;
  throw new UnreadableRequest(400, `${incoming.method} ${incoming.url} is no request`);
}

// Those that a Request refuses (fetch.spec.whatwg.org, "forbidden method").
const FORBIDDEN_METHODS = ['CONNECT', 'TRACE', 'TRACK'];

/**
 * Reads the body of a request, at most 10 MiB, to its end.
 *
 * @throws UnreadableRequest 413 for a body above 10 MiB
 * @throws Disconnect `client-gone` when the client leaves before the body's end
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
      // A request closes after its end, too.
      if (!incoming.readableEnded) reject(new Disconnect('client-gone'));
    };
    incoming.once('close', gone);
    incoming.once('error', gone);
  });
}
