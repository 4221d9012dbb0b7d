import { z } from 'zod';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

/** Answers as usual, after at least `milliseconds`. Healed, it lets the requests that wait go on at once. */
export const latency = defineFault({
  kind: 'latency',
  fields: {
    milliseconds: z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000'),
  },
  create: ({ milliseconds }) => ({
    hold: (circumstances) => pause(milliseconds, circumstances),
  }),
});
