import { z } from 'zod';
import { withBody } from './lib/body.ts';
import { Disconnect } from './lib/disconnect.ts';
import type { Circumstances } from './lib/fault.ts';
import { pause } from './lib/pause.ts';
import { firstEvents, isEventStream, withEvents } from './lib/server-sent-events.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head and the first `bytes` (default 0) of the body, then nothing until the client disconnects or the fault
 * is healed. Then the connection is closed. If the body is not longer than `bytes`, it stalls before its end. In an
 * event stream, `events` can be used instead of `bytes`.
 */
export const stall = defineUpstreamFault({
  kind: 'stall',
  does: 'sends the head and some bytes of the body, then nothing; the connection is closed when the fault is healed',
  effect: 'waits',
  fields: {
    bytes: z.int().min(0).default(0).describe('a whole number of bytes, 0 or more'),
    events: z.int().min(0).optional().describe('a whole number of events, 0 or more: in a stream, instead of bytes'),
  },
  create: ({ bytes, events: most }) => ({
    deliver(circumstances, response) {
      if (most !== undefined && isEventStream(response)) {
        return withEvents(response, (events) => thenNothing(firstEvents(events, most), circumstances));
      }
      return withBody(response, thenNothing(beginning(response.body, bytes), circumstances));
    },
  }),
});

async function* beginning(body: AsyncIterable<Uint8Array> | null, bytes: number): AsyncGenerator<Uint8Array> {
  yield new Uint8Array();
  let left = bytes;
  for await (const chunk of left > 0 && body ? body : []) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
}

async function* thenNothing<Part>(parts: AsyncIterable<Part>, circumstances: Circumstances): AsyncGenerator<Part> {
  yield* parts;
  await pause(Number.POSITIVE_INFINITY, circumstances);
  throw new Disconnect('stalled');
}
