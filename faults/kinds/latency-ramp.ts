import { z } from 'zod';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

const milliseconds = z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000');

/**
 * Delays responses. The delay grows linearly from `fromMilliseconds` (default 0) to `toMilliseconds` during the first
 * `overMilliseconds` of the fault, and then stays constant. When the fault is healed, waiting requests continue
 * immediately.
 */
export const latencyRamp = defineUpstreamFault({
  kind: 'latency-ramp',
  does: 'delays responses by a time that grows linearly from the start of the fault, up to a limit',
  effect: 'waits',
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
