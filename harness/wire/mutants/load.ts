import { madeUp } from '../exchange.ts';
import type { WireMutant } from '../wire-mutant.ts';
import { isDoing } from '../wire-phase.ts';
import { isServed, late, onAnswers } from './lib/answers.ts';

/** Phases with the promised load or half of it. */
const LOADED = ['step', 'soak', 'calm after'] as const;

/**
 * Mutants of a service under load. They don't name the `capacity` that they need. Otherwise `whyUnprovable` would blame
 * the contract when the `load` scenarios were merely not requested.
 */
export const LOAD_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'late-under-load',
    does: 'answers under the promised load come later than promised',
    turnsRed: ['bears-its-load', 'bears-a-soak', 'survives-a-spike'],
    once: 'each',
    when: ({ endpoint, phase }, { contract }) => isDoing(phase, ...LOADED) && endpoint === contract.capacity?.endpoint,
    // A wait for a processor may excuse some of it.
    change: (exchange, { numbers }) => late(exchange, 2 * (numbers.capacity?.withinMs ?? 0)),
  }),
  onAnswers({
    name: 'call-fails-under-load',
    does: 'a call during a spike, or while the speed is measured, gets 500',
    turnsRed: ['survives-a-spike', 'load-served'],
    when: (exchange, wire) => isDoing(exchange.phase, 'spike', 'measured') && isServed(exchange, wire),
    change: () => madeUp(500),
  }),
];
