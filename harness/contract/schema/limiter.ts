import { z } from 'zod';
import { retryAfter } from './retry-after.ts';

/** How rate limits count, and how responses report them. */
export const limiter = z
  .strictObject({
    window: z
      .enum(['first-request', 'clock', 'sliding', 'weighted', 'token-bucket'])
      .default('first-request')
      .describe(
        "when a window begins: with the client's first request, at multiples of its length since the epoch, or (sliding) with each request; " +
          '(weighted) as clock, but a share of the previous window counts as well; ' +
          'or a bucket of max tokens, which are refilled evenly: max of them in windowSeconds',
      ),
    counts: z
      .enum(['all', 'authenticated', 'valid', 'served'])
      .optional()
      .describe(
        'the requests that count toward a limit and get 429 once it is used up: all; those with valid credentials; of these, ' +
          'those with a valid body; or only those that are served. Default: not judged',
      ),
    retryAfter,
    headers: z
      .array(z.enum(['draft-6', 'draft-7', 'draft-8', 'draft-11', 'x-ratelimit']))
      .default([])
      .describe(
        'rate-limit headers in every answer of a limited endpoint, by the draft that defines them: RateLimit-* up to draft 6, ' +
          'RateLimit as a dictionary in draft 7, as a list of policies from draft 8 on, whose required parts are checked as of draft 11; or X-RateLimit-*',
      ),
  })
  .refine(({ window, retryAfter: hasRetryAfter }) => window !== 'weighted' || !hasRetryAfter, {
    path: ['retryAfter'],
    message: 'is not judged for weighted windows; leave it out',
  });
