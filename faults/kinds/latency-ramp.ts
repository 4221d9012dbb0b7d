import { z } from 'zod';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

const milliseconds = z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000');

/**
 * Answers as usual, after a latency that goes evenly from `fromMilliseconds` (default 0) to `toMilliseconds` in the
 * first `overMilliseconds` of the fault, and then stays there. Healed, it lets the requests that wait go on at once.
 */
export const latencyRamp = defineFault({
  kind: 'latency-ramp',
  does: 'answers later and later, up to a limit',
  fields: {
    fromMilliseconds: milliseconds.default(0).describe('a number of milliseconds from 0 to 600000'),
    toMilliseconds: milliseconds.meta({ examples: [2_000] }),
    overMilliseconds: z
      .number()
      .min(1)
      .max(86_400_000)
      .describe('a number of milliseconds from 1 to 86400000')
      .meta({ examples: [30_000] }),
  },
  create: ({ fromMilliseconds, toMilliseconds, overMilliseconds }) => ({
    hold(circumstances) {
      const progress = Math.min(1, circumstances.activeMilliseconds / overMilliseconds);
      return pause(fromMilliseconds + progress * (toMilliseconds - fromMilliseconds), circumstances);
    },
  }),
});
