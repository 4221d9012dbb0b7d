import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Responds with 200 and the provider's error body for `status` (default 503). */
export const errorInBody = defineUpstreamFault({
  kind: 'error-in-body',
  does: "responds with 200 and the provider's error in the body",
  effect: 'fails',
  seen: 'body',
  fields: {
    status: z.int().min(400).max(599).default(503).describe('a whole number from 400 to 599'),
  },
  create: ({ status }) => ({
    async answer({ errorResponse }) {
      const { body, headers } = errorResponse(status);
      return new Response(body, { status: 200, headers });
    },
  }),
});
