import { z } from 'zod';

/** An endpoint of the service, and how a scenario calls it. */
export const endpoint = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/').describe('${unique} is replaced by a unique text in each request'),
  body: z.json().optional().describe('${unique} is replaced by a unique text in each request'),
  user: z
    .string()
    .optional()
    .describe('the user who sends the request; ${unique} is the same text in all parts of one request'),
  served: z.array(z.int()).min(1).describe('statuses that mean that the request was served'),
  reaches: z.array(z.string()).default([]).describe('the upstreams that a request calls, in order, each of them once'),
  servedWithout: z
    .array(z.string())
    .default([])
    .describe(
      'upstreams of `reaches` that are optional: while their breaker is open, the request is served without them',
    ),
});
