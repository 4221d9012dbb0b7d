import { z } from 'zod';
import { withHeadFirst } from './lib/body.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head, then `bytes` (default 1) of the body every `everyMilliseconds` (default 200), so that a timeout for
 * each read never fires. When the fault is healed, the rest follows immediately.
 */
export const drip = defineUpstreamFault({
  kind: 'drip',
  does: 'sends the head immediately and the body byte by byte, so that a timeout for each read never fires',
  effect: 'waits',
  fields: {
    bytes: z.int().min(1).default(1).describe('a whole number of bytes, 1 or more'),
    everyMilliseconds: z.int().min(1).max(600_000).default(200).describe('a whole number from 1 to 600000'),
  },
  create: ({ bytes, everyMilliseconds }) => ({
    deliver: (circumstances, response) =>
      withHeadFirst(response, async function* (body) {
        for await (const chunk of body) {
          for (let sent = 0; sent < chunk.byteLength; sent += bytes) {
            await pause(everyMilliseconds, circumstances);
            yield chunk.subarray(sent, sent + bytes);
          }
        }
      }),
  }),
});
