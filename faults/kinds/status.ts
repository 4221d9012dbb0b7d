import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

const seconds = z.strictObject({ seconds: z.int().min(0).max(10_000_000_000) });
const milliseconds = z.strictObject({ milliseconds: z.int().min(0).max(10_000_000_000) });
const date = z.strictObject({ dateInSeconds: z.int().min(-10_000_000_000).max(10_000_000_000) });

/**
 * Responds with an error status and the provider's body for it. The upstream does not see the request. `retryAfter`
 * sets the Retry-After header, either as a number of `seconds` or, with `dateInSeconds`, as an HTTP date relative to
 * now. A negative value gives a date in the past. With `milliseconds`, the header is retry-after-ms, which some clients
 * of LLM APIs know. `shouldRetry` sets x-should-retry, which they know as well. `code` replaces the code of the error
 * in the body, if it is JSON with an `error` object.
 */
export const status = defineUpstreamFault({
  kind: 'status',
  does: "responds with an error status and the provider's body for it; the upstream does not get the request",
  effect: 'fails',
  seen: { field: 'status' },
  fields: {
    status: z
      .int()
      .min(400)
      .max(599)
      .describe('a whole number from 400 to 599')
      .meta({ examples: [503] }),
    retryAfter: z
      .union([seconds, date, milliseconds])
      .optional()
      .describe(
        '{"seconds": a whole number from 0 to 10000000000} or {"dateInSeconds": the same, below 0 for a date in the past} ' +
          'or, as retry-after-ms, {"milliseconds": a whole number from 0}',
      ),
    shouldRetry: z.boolean().optional().describe('true or false, as x-should-retry'),
    code: z.string().min(1).optional().describe('the code of the error in the body, such as model_not_found'),
  },
  create: (options) => ({
    async answer({ errorResponse }) {
      const response = await withCode(errorResponse(options.status), options.code);
      const { retryAfter, shouldRetry } = options;
      if (retryAfter) response.headers.set(...headerOf(retryAfter));
      if (shouldRetry !== undefined) response.headers.set('x-should-retry', String(shouldRetry));
      return response;
    },
  }),
});

/** Returns the response with another code of the error, unless its body has no `error` object. */
async function withCode(response: Response, code: string | undefined): Promise<Response> {
  if (code === undefined || !response.headers.get('content-type')?.includes('json')) return response;
  const { status, headers } = response;
  const body = (await response.json()) as { error?: unknown };
  const coded = Object(body.error) === body.error ? { ...body, error: { ...Object(body.error), code } } : body;
  headers.delete('content-length');
  return new Response(JSON.stringify(coded), { status, headers });
}

function headerOf(
  retryAfter: z.output<typeof seconds | typeof date | typeof milliseconds>,
): [name: string, value: string] {
  if ('milliseconds' in retryAfter) return ['retry-after-ms', String(retryAfter.milliseconds)];
  if ('seconds' in retryAfter) return ['retry-after', String(retryAfter.seconds)];
  return ['retry-after', new Date(Date.now() + retryAfter.dateInSeconds * 1000).toUTCString()];
}
