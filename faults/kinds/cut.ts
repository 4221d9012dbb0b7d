import { z } from 'zod';
import { firstBytes, withBody } from './lib/body.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the status, the headers (with the content-length of the complete body) and the first `bytes` (default 1) of the
 * body, then closes the connection. If the body is not longer than `bytes`, it arrives complete and its receipt says
 * `answered`.
 */
export const cut = defineUpstreamFault({
  kind: 'cut',
  does: 'sends the full content-length but only some bytes of the body, then closes the connection',
  effect: 'fails',
  seen: 'body',
  fields: {
    bytes: z
      .int()
      .min(0)
      .default(1)
      .describe('a whole number of bytes, 0 or more')
      .meta({ examples: [10] }),
  },
  create: ({ bytes }) => ({
    deliver: (_circumstances, response) =>
      response.body ? withBody(response, firstBytes(response.body, bytes, 'cut')) : response,
  }),
});
