import { z } from 'zod';
import { createDice } from '../base/dice.ts';
import { defineFault } from './fault.ts';
import { pause } from './pause.ts';

/** A sequence of delays, in milliseconds. */
export interface LatencyOptions {
  readonly milliseconds: number;
  readonly jitterMilliseconds?: number | undefined;
  readonly seed?: string | undefined;
}

const milliseconds = z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000');

/** The fields of a latency, whatever it delays. */
export const latencyFields = {
  milliseconds: milliseconds.meta({ examples: [600] }),
  jitterMilliseconds: milliseconds.optional(),
  seed: z.string().optional().describe('a text'),
};

/** Delays of `milliseconds`, up to `jitterMilliseconds` (0) more or less: always the same for one `seed` ("proofload"). */
export function createDelays({ milliseconds, jitterMilliseconds = 0, seed = 'proofload' }: LatencyOptions) {
  const dice = createDice(seed);
  return (): number => milliseconds + (2 * dice() - 1) * jitterMilliseconds;
}

/**
 * Answers as usual, after at least `milliseconds`; with `jitterMilliseconds`, after up to so much less or more, always
 * the same sequence for the same `seed` (default "proofload"). Healed, it lets the requests that wait go on at once.
 */
export const latency = defineFault({
  kind: 'latency',
  does: 'answers as usual, but so much later',
  fields: latencyFields,
  create(options) {
    const delay = createDelays(options);
    return { hold: (circumstances) => pause(delay(), circumstances) };
  },
});
