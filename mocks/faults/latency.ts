import { z } from 'zod';
import { createDice } from '../dice.ts';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

const milliseconds = z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000');

/**
 * Answers as usual, after at least `milliseconds`; with `jitterMilliseconds`, after up to so much less or more, always
 * the same sequence for the same `seed` (default "proofload"). Healed, it lets the requests that wait go on at once.
 */
export const latency = defineFault({
  kind: 'latency',
  fields: {
    milliseconds,
    jitterMilliseconds: milliseconds.optional(),
    seed: z.string().optional().describe('a text'),
  },
  create({ milliseconds, jitterMilliseconds = 0, seed = 'proofload' }) {
    const dice = createDice(seed);
    return {
      hold: (circumstances) => pause(milliseconds + (2 * dice() - 1) * jitterMilliseconds, circumstances),
    };
  },
});
