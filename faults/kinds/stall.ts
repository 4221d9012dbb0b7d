import { z } from 'zod';
import { withBody } from './lib/body.ts';
import { Disconnect } from './lib/disconnect.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head and the first `bytes` (default 0) of the body, then nothing until the client disconnects or the fault
 * is healed. Then the connection is closed. If the body is not longer than `bytes`, it stalls before its end.
 */
export const stall = defineUpstreamFault({
  kind: 'stall',
  does: 'sends the head and some bytes of the body, then nothing; the connection is closed when the fault is healed',
  effect: 'waits',
  fields: {
    bytes: z.int().min(0).default(0).describe('a whole number of bytes, 0 or more'),
  },
  create: ({ bytes }) => ({
    deliver(circumstances, response) {
      const { body } = response;
      return withBody(
        response,
        (async function* () {
          yield new Uint8Array();
          let left = bytes;
          for await (const chunk of left > 0 && body ? body : []) {
            yield chunk.subarray(0, left);
            left -= chunk.byteLength;
            if (left <= 0) break;
          }
          await pause(Number.POSITIVE_INFINITY, circumstances).catch(() => undefined);
          throw new Disconnect('stalled');
        })(),
      );
    },
  }),
});
