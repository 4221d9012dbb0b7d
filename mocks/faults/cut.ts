import { z } from 'zod';
import { Disconnect } from './disconnect.ts';
import { defineFault } from './fault.ts';

/**
 * Delivers status, headers (with the whole body's content-length) and only the first `bytes` of the body, then closes
 * the connection. A body that is no longer than `bytes` arrives whole, and its receipt says `answered`.
 */
export const cut = defineFault({
  kind: 'cut',
  fields: {
    bytes: z.int().min(0).describe('a whole number of bytes, 0 or more'),
  },
  create: ({ bytes }) => ({
    deliver(_circumstances, response) {
      if (!response.body) return response;
      const { status, headers } = response;
      return new Response(ReadableStream.from(firstBytes(response.body, bytes)), { status, headers });
    },
  }),
});

async function* firstBytes(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    if (chunk.byteLength > left) {
      if (left > 0) yield chunk.subarray(0, left);
      throw new Disconnect('cut');
    }
    left -= chunk.byteLength;
    yield chunk;
  }
}
