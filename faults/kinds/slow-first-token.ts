import { z } from 'zod';
import { withHeadFirst } from './lib/body.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/**
 * Sends the head immediately and delays the body by `milliseconds`. When the fault is healed, waiting bodies continue
 * immediately.
 */
export const slowFirstToken = defineUpstreamFault({
  kind: 'slow-first-token',
  does: 'sends the head immediately and delays the body',
  effect: 'waits',
  fields: {
    milliseconds: z
      .number()
      .min(0)
      .max(600_000)
      .describe('a number of milliseconds from 0 to 600000')
      .meta({ examples: [2_000] }),
  },
  create: ({ milliseconds }) => ({
    deliver: (circumstances, response) =>
      withHeadFirst(response, async function* (body) {
        await pause(milliseconds, circumstances);
        yield* body;
      }),
  }),
});
