import { madeUp } from '../exchange.ts';
import type { WireMutant } from '../wire-mutant.ts';
import { isServed, late, onAnswers } from './lib/answers.ts';

/** Phases with the promised load or half of it. Those of the ramp are named after their rate. */
const LOADED = /^([\d.]+\/s, attempt \d+|soak|calm after)$/;

/**
 * Mutants of a service under load. None names the `capacity` that it needs: `whyUnprovable` would then blame the
 * contract if the scenarios of `load` were only not asked for.
 */
export const LOAD_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'late-under-load',
    does: 'answers under the promised load come later than promised',
    turnsRed: ['bears-its-load', 'bears-a-soak', 'survives-a-spike'],
    once: 'each',
    when: ({ endpoint, phase }, { contract }) => LOADED.test(phase) && endpoint === contract.capacity?.endpoint,
    // A wait for a processor may excuse some of it.
    change: (exchange, { numbers }) => late(exchange, 2 * (numbers.capacity?.withinMs ?? 0)),
  }),
  onAnswers({
    name: 'call-fails-under-load',
    does: 'a call during a spike, or while the speed is measured, gets 500',
    turnsRed: ['survives-a-spike', 'load-served'],
    when: (exchange, wire) => /^(spike|measured)$/.test(exchange.phase) && isServed(exchange, wire),
    change: () => madeUp(500),
  }),
];
