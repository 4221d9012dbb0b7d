import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isToken } from '../../base/token.ts';
import { beginningOfBody, MOST_BODY_BYTES } from '../../base/whole-body.ts';
import { type AskHandlers, type HandlerAnswer, NetworkFailure, PassesThrough } from './ask-handlers.ts';
import { TOKEN, UNSERVED } from './protocol.ts';

/**
 * Returns a listener that passes each request to the handlers as a request to `origin`, and streams their response.
 * Requests without the token get 403, because the handlers would answer them without faults and receipts.
 */
export function answerOverHttp(ask: AskHandlers, origin: string, token: string): RequestListener {
  return async (incoming, outgoing) => {
    if (!isToken(String(incoming.headers[TOKEN]), token)) return void outgoing.writeHead(403).end();
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    try {
      // The client must still get an answer.
      const { bytes, isWhole } = await beginningOfBody(incoming.iterator({ destroyOnReturn: false }));
      if (!isWhole) return refuse(413, `the body has more than ${MOST_BODY_BYTES} bytes`, outgoing);
      const answer = await ask({
        method: incoming.method ?? 'GET',
        url: origin + incoming.url,
        headers: headersOf(incoming, origin),
        body: new Uint8Array(bytes),
        signal: gone.signal,
      });
      if (answer) await send(answer, outgoing);
      else refuse(404, 'no handler', outgoing);
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
  headers.delete(TOKEN);
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
  if (outgoing.headersSent || error instanceof NetworkFailure) outgoing.destroy();
  else if (error instanceof PassesThrough) {
    refuse(501, `the handler ${error.message} passes the request through, but there is no real server here`, outgoing);
  } else {
    console.error(`${method} ${url}: the handler threw`, error);
    refuse(500, `the handler threw ${error}`, outgoing);
  }
}

/** Headers have a limit of 16 KiB. */
const LONGEST_REASON = 1_000;

function refuse(status: number, why: string, outgoing: ServerResponse): void {
  outgoing.writeHead(status, { [UNSERVED]: encodeURIComponent(why.slice(0, LONGEST_REASON)) }).end();
}
