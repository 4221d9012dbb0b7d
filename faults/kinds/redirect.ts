import { z } from 'zod';
import { moved, movedEndlessly, REDIRECTIONS } from './lib/moved.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Redirects to a second listener, which has its own port and another host name, and a certificate that clients have to
 * trust. The listener responds with 503. The receipts of its requests name the credentials that came with them. With
 * `endless`, it redirects to itself instead, up to 500 times. `over` defaults to the protocol of the upstream.
 */
export const redirect = defineUpstreamFault({
  kind: 'redirect',
  does: 'redirects to another host, which responds with 503; the upstream does not get the request',
  effect: 'fails',
  fields: {
    status: z
      .union(REDIRECTIONS.map((status) => z.literal(status)))
      .default(307)
      .describe(REDIRECTIONS.join(', ')),
    over: z.enum(['https', 'http']).optional().describe('https, http'),
    endless: z.boolean().optional().describe('true or false, whether the other host redirects to itself'),
  },
  create: ({ status, over, endless = false }) => ({
    async answer({ elsewhere }) {
      return (endless ? movedEndlessly : moved)(status, await elsewhere(over));
    },
  }),
});
