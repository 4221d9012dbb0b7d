import { Disconnect, type Ending } from './disconnect.ts';

/** The same answer with other bytes; its headers, also the content-length, stay what they were. */
export function withBody({ status, headers }: Response, chunks: AsyncIterable<Uint8Array>): Response {
  return new Response(ReadableStream.from(chunks), { status, headers });
}

/** The first bytes of a body, then the end of the connection; a body that is no longer than that passes whole. */
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
