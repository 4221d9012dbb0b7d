import { z } from 'zod';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** The names of what may be used up, in the headers of OpenAI and Groq, and in those of Anthropic. */
const NAMES = { requests: ['requests'], tokens: ['tokens', 'input-tokens', 'output-tokens'] };

/**
 * Serves the request as usual, and says in its rate-limit headers that no requests or tokens remain for `seconds`: in
 * those of OpenAI and Groq (`x-ratelimit-remaining-*`, `x-ratelimit-reset-*`), and in those of Anthropic
 * (`anthropic-ratelimit-*`), whose resets are times in whole seconds, rounded up.
 */
export const nothingLeft = defineUpstreamFault({
  kind: 'nothing-left',
  does: 'serves the request, and says in rate-limit headers that nothing remains for a while',
  effect: 'none',
  fields: {
    of: z.enum(['requests', 'tokens']).default('requests').describe('requests or tokens'),
    seconds: z
      .int()
      .min(1)
      .max(3_600)
      .describe('a whole number from 1 to 3600')
      .meta({ examples: [2] }),
  },
  create: ({ of, seconds }) => ({
    async answer(_circumstances, respond) {
      const response = await respond();
      const headers = new Headers(response.headers);
      headers.set(`x-ratelimit-remaining-${of}`, '0');
      headers.set(`x-ratelimit-reset-${of}`, `${seconds}s`);
      const reset = new Date(Math.ceil(Date.now() / 1_000 + seconds) * 1_000).toISOString().replace('.000Z', 'Z');
      for (const name of NAMES[of]) {
        headers.set(`anthropic-ratelimit-${name}-remaining`, '0');
        headers.set(`anthropic-ratelimit-${name}-reset`, reset);
      }
      return new Response(response.body, { status: response.status, headers });
    },
  }),
});
