import { Agent, request as ask, type Dispatcher } from 'undici';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import type { AskedRequest } from '../upstream/asked-request.ts';
import type { Responder } from '../upstream/upstream.ts';

/** Forwards every request to a server, whose answers are streamed. Disposing of it closes its connections. */
export class Forward implements Responder, AsyncDisposable {
  readonly #origin: string;
  // The server may take as long as it likes: timeouts are the client's.
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  /** `origin` is a scheme, host and port, with a base path if all requests need one. */
  constructor(origin: string) {
    this.#origin = origin.replace(/\/$/, '');
  }

  /** @throws Disconnect `cut` if the server can't be reached, or closes the connection before its answer */
  async answer(request: AskedRequest): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    try {
      const answered = await ask(this.#origin + pathname + search, {
        dispatcher: this.#agent,
        method: request.method as Dispatcher.HttpMethod,
        headers: endToEnd(request.headers).flat(),
        signal: request.signal,
        ...(body.byteLength > 0 ? { body } : {}),
      });
      return toResponse(answered);
    } catch (error) {
      throw asDisconnect(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Headers that are about one connection (RFC 9110, 7.6.1), and those that this client sets itself. */
const OF_A_CONNECTION = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['expect', 'host', 'content-length'],
]);

const endToEnd = (headers: Iterable<[string, string]>): [string, string][] =>
  [...headers].filter(([name]) => !OF_A_CONNECTION.has(name.toLowerCase()));

const WITHOUT_BODY = [204, 205, 304];

function toResponse({ statusCode, headers: given, body }: Dispatcher.ResponseData): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'content-length' && OF_A_CONNECTION.has(name)) continue;
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  if (!WITHOUT_BODY.includes(statusCode)) return new Response(streamOf(body), { status: statusCode, headers });
  body.resume();
  return new Response(null, { status: statusCode, headers });
}

/** Returns the body as a stream that fails with a `Disconnect` if the server breaks it off. */
function streamOf(body: Dispatcher.ResponseData['body']): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(asDisconnect(error));
      }
    },
    cancel() {
      body.destroy();
    },
  });
}

const asDisconnect = (cause: unknown): Disconnect => Object.assign(new Disconnect('cut'), { cause });
