import { z } from 'zod';
import { defineFault } from './fault.ts';

/** Answers 200 with the body that the provider sends with an error `status` (default 503). */
export const errorInBody = defineFault({
  kind: 'error-in-body',
  does: 'answers 200 with an error of the provider in the body',
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
