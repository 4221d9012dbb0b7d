import { Disconnect, type Ending } from './disconnect.ts';

/** Returns a response with a different body and the same headers, including content-length. */
export function withBody(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  chunks: AsyncIterable<Uint8Array>,
): Response {
  // It takes long to load, and commands that only read need no bodies.
  const { ReadableStream } = process.getBuiltinModule('node:stream/web');
  // Tests of pages are compiled with the types of browsers, in which Node's stream is another one.
  const body = ReadableStream.from(chunks) as ConstructorParameters<typeof Response>[0];
  return new Response(body, { status, headers });
}

/**
 * Returns a response whose head is sent at once, with the chunks that `send` yields instead of its body. A response
 * without a body is returned unchanged.
 */
export function withHeadFirst(
  response: Response,
  send: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Response {
  const { body } = response;
  if (!body) return response;
  return withBody(
    response,
    (async function* () {
      yield new Uint8Array();
      yield* send(body);
    })(),
  );
}

/**
 * Yields the first bytes of a body, then ends the connection. If the body is not longer than that, it is passed on
 * unchanged.
 */
export async function* firstBytes(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
  how: Ending,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    if (chunk.byteLength > left) {
      if (left > 0) yield chunk.subarray(0, left);
      throw new Disconnect(how);
    }
    left -= chunk.byteLength;
    yield chunk;
  }
}
