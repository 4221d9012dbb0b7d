import { z } from 'zod';
import { firstBytes, withBody } from './lib/body.ts';
import { defineFault } from './lib/fault.ts';

/**
 * Sends the status, the headers (with the content-length of the whole body) and the first `bytes` of the body, then
 * closes the connection. A body that is not longer than `bytes` arrives whole, and its receipt says `answered`.
 */
export const cut = defineFault({
  kind: 'cut',
  does: 'sends some bytes of the body, then closes the connection',
  fields: {
    bytes: z
      .int()
      .min(0)
      .describe('a whole number of bytes, 0 or more')
      .meta({ examples: [10] }),
  },
  create: ({ bytes }) => ({
    deliver: (_circumstances, response) =>
      response.body ? withBody(response, firstBytes(response.body, bytes, 'cut')) : response,
  }),
});
