import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type AskHandlers, type HandlerAnswer, NetworkFailure, PassesThrough } from './ask-handlers.ts';
import { UNSERVED } from './protocol.ts';

/** Returns a listener that presents each request to the handlers as one to `origin`, and streams their answer. */
export function answerOverHttp(ask: AskHandlers, origin: string): RequestListener {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    try {
      const answer = await ask({
        method: incoming.method ?? 'GET',
        url: origin + incoming.url,
        headers: headersOf(incoming, origin),
        body: new Uint8Array(await buffer(incoming)),
        signal: gone.signal,
      });
      if (answer) await send(answer, outgoing);
      else outgoing.writeHead(404, { [UNSERVED]: 'true' }).end();
    } catch (error) {
      if (!gone.signal.aborted) fail(error, incoming, outgoing);
    }
  };
}

function headersOf({ headersDistinct }: IncomingMessage, origin: string): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  headers.set('host', new URL(origin).host);
  return headers;
}

async function send({ status, statusText, headers, body }: HandlerAnswer, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(status, statusText, headers.flat());
  if (!(body instanceof ReadableStream)) return void outgoing.end(body ?? undefined);
  // The head of a stream must not wait for the first chunk.
  outgoing.flushHeaders();
  await pipeline(Readable.fromWeb(body), outgoing);
}

function fail(error: unknown, { method, url }: IncomingMessage, outgoing: ServerResponse): void {
  if (outgoing.headersSent || error instanceof NetworkFailure) return void outgoing.destroy();
  const told = toldAs(error);
  console.error(`${method} ${url}: ${told.message}`, ...(error instanceof PassesThrough ? [] : [error]));
  outgoing.writeHead(told.status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ error: { code: told.code, message: told.message } }));
}

function toldAs(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof PassesThrough) {
    const message = `the handler ${error.message} passes the request through, but there is no real server here`;
    return { status: 501, code: 'handler-passes-through', message };
  }
  return { status: 500, code: 'handler-threw', message: `the handler threw ${error}` };
}
