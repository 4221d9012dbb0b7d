import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

const seconds = z.strictObject({ seconds: z.int().min(0).max(10_000_000_000) });
const date = z.strictObject({ dateInSeconds: z.int().min(-10_000_000_000).max(10_000_000_000) });

/**
 * Responds with an error status and the provider's body for it. The upstream does not see the request. `retryAfter`
 * sets the Retry-After header, either as a number of `seconds` or, with `dateInSeconds`, as an HTTP date relative to
 * now. A negative value gives a date in the past. `code` replaces the code of the error in the body, if it is JSON with
 * an `error` object.
 */
export const status = defineUpstreamFault({
  kind: 'status',
  does: "responds with an error status and the provider's body for it; the upstream does not get the request",
  effect: 'fails',
  fields: {
    status: z
      .int()
      .min(400)
      .max(599)
      .describe('a whole number from 400 to 599')
      .meta({ examples: [503] }),
    retryAfter: z
      .union([seconds, date])
      .optional()
      .describe(
        '{"seconds": a whole number from 0 to 10000000000} or {"dateInSeconds": the same, below 0 for a date in the past}',
      ),
    code: z.string().min(1).optional().describe('the code of the error in the body, such as model_not_found'),
  },
  create: (options) => ({
    async answer({ errorResponse }) {
      const response = await withCode(errorResponse(options.status), options.code);
      if (options.retryAfter) response.headers.set('retry-after', headerOf(options.retryAfter));
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

function headerOf(retryAfter: z.output<typeof seconds | typeof date>): string {
  if ('seconds' in retryAfter) return String(retryAfter.seconds);
  return new Date(Date.now() + retryAfter.dateInSeconds * 1000).toUTCString();
}
