import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request whose path, headers and body are sent unchanged. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array | undefined;
}

/** Sends the request and reads the response. */
export async function sendRaw(url: string, { method, path, headers = {}, body }: RawRequest) {
  const { hostname, port } = new URL(url);
  const framed = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const sent = request({ hostname, port, method, path, headers: framed, agent: false });
  const answered = Promise.withResolvers<IncomingMessage>();
  sent.on('response', answered.resolve).on('error', answered.reject);
  sent.end(body);
  const response = await answered.promise;
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) };
}
