import { z } from 'zod';
import { defineFault } from './fault.ts';

/** Answers with an error status and the provider's own body for it; the upstream does not see the request. */
export const status = defineFault({
  kind: 'status',
  fields: {
    status: z.int().min(400).max(599).describe('a whole number from 400 to 599'),
    retryAfterSeconds: z
      .int()
      .min(0)
      .max(31_536_000)
      .optional()
      .describe('a whole number of seconds from 0 to 31536000'),
  },
  create: (options) => ({
    async answer({ errorResponse }) {
      const response = errorResponse(options.status);
      if (options.retryAfterSeconds !== undefined)
        response.headers.set('retry-after', String(options.retryAfterSeconds));
      return response;
    },
  }),
});
