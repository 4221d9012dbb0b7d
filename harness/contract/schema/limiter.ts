import { z } from 'zod';
import { refusalAnswer } from './refusal-answer.ts';
import { retryAfter } from './retry-after.ts';

/** How rate limits count, and how responses report them. */
export const limiter = z
  .strictObject({
    window: z
      .enum(['first-request', 'clock', 'sliding', 'weighted', 'token-bucket'])
      .default('first-request')
      .describe(
        'when a window begins. `first-request`: with the first request of the client, as in the in-memory stores ' +
          "of express-rate-limit and Python's limits (slowapi). `clock`: at multiples of its length since the " +
          'epoch. `sliding`: with each request. `weighted`: as `clock`, but a share of the previous window counts ' +
          'as well. `token-bucket`: a bucket of max tokens, which are refilled evenly, max of them in windowSeconds',
      ),
    counts: z
      .enum(['all', 'authenticated', 'valid', 'served'])
      .optional()
      .describe(
        'the requests that count toward a limit and get 429 once it is used up: `all`; `authenticated`: those ' +
          'with valid credentials; `valid`: of these, those with a valid body; `served`: only those that are ' +
          'served. Default: not judged; `stress/limit-costs` then looks only whether limits hold after trouble',
      ),
    store: z
      .string()
      .optional()
      .describe(
        'the upstream in which the service counts requests, such as a Redis server behind `tcp`, or `database`. Its ' +
          'requests are no calls of an endpoint, so nothing is judged by their number, even if `reaches` lists it; ' +
          'default: each process counts in its own memory, or in a server that the contract does not describe',
      ),
    retryAfter,
    refusalAnswer,
    headers: z
      .array(z.enum(['draft-6', 'draft-7', 'draft-8', 'draft-11', 'x-ratelimit']))
      .default([])
      .describe(
        'rate-limit headers in every answer of a limited endpoint, by the draft that defines them: `RateLimit-*` up to draft 6, ' +
          'RateLimit as a dictionary in draft 7, as a list of policies from draft 8 on, whose required parts are checked as of draft 11 (names are strings, q and r are not missing); or `X-RateLimit-*`. Without it, only Retry-After is checked',
      ),
  })
  .refine(({ window, retryAfter: hasRetryAfter }) => window !== 'weighted' || !hasRetryAfter, {
    path: ['retryAfter'],
    message: 'is not judged for weighted windows; leave it out',
  });
