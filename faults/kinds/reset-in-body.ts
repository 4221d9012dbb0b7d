import { z } from 'zod';
import { firstBytes, withBody } from './lib/body.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head and the first `bytes` (default 1) of the body, then resets the connection (TCP RST, also with TLS). If
 * the body is not longer than `bytes`, it arrives complete and its receipt says `answered`.
 */
export const resetInBody = defineUpstreamFault({
  kind: 'reset-in-body',
  does: 'sends some bytes of the body, then resets the connection (RST)',
  effect: 'fails',
  seen: 'body',
  fields: {
    bytes: z.int().min(0).default(1).describe('a whole number of bytes, 0 or more'),
  },
  create: ({ bytes }) => ({
    deliver: (_circumstances, response) =>
      response.body ? withBody(response, firstBytes(response.body, bytes, 'reset')) : response,
  }),
});
