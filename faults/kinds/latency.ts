import { z } from 'zod';
import { createDice } from '../base/dice.ts';
import { pause } from './lib/pause.ts';
import { defineUpstreamFault } from './lib/upstream-fault.ts';

/** Options for a sequence of delays, in milliseconds. */
export interface LatencyOptions {
  readonly milliseconds: number;
  readonly jitterMilliseconds?: number | undefined;
  readonly seed?: string | undefined;
}

const milliseconds = z.number().min(0).max(600_000).describe('a number of milliseconds from 0 to 600000');

/** The fields that all latency faults have. */
export const latencyFields = {
  milliseconds: milliseconds.meta({ examples: [600] }),
  jitterMilliseconds: milliseconds.optional(),
  seed: z.string().optional().describe('a string'),
};

/**
 * Returns a generator of delays of `milliseconds` ± `jitterMilliseconds` (default 0). The same `seed` (default
 * `proofload`) always gives the same sequence.
 */
export function createDelays({ milliseconds, jitterMilliseconds = 0, seed = 'proofload' }: LatencyOptions) {
  const dice = createDice(seed);
  return (): number => milliseconds + (2 * dice() - 1) * jitterMilliseconds;
}

/**
 * Delays responses by at least `milliseconds` ± `jitterMilliseconds`. The same `seed` (default `proofload`) always
 * gives the same sequence. When the fault is healed, waiting requests continue immediately.
 */
export const latency = defineUpstreamFault({
  kind: 'latency',
  does: 'delays responses',
  effect: 'waits',
  fields: latencyFields,
  create(options) {
    const delay = createDelays(options);
    return { hold: (circumstances) => pause(delay(), circumstances) };
  },
});
