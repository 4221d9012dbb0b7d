import { isError, isServed, late, onAnswers, refusedIn, replay } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';
import { isDoing } from '../../wire/wire-phase.ts';

/** Phases with the promised load or half of it. */
const LOADED = ['step', 'soak', 'calm after'] as const;

/**
 * Defects of a service without faults, and under load. The latter don't name the `capacity` that they need. Otherwise
 * `whyUnprovable` would blame the contract when the `load` scenarios were merely not requested.
 */
export const LOAD_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'endpoint-fails',
    does: 'one endpoint answers 500',
    turnsRed: ['endpoints-served'],
    disturbs: ['ledger-keeps-row', 'streams-complete', 'endpoints-ask-for-proof'],
    when: (exchange, wire) => isDoing(exchange.phase, 'endpoint') && isServed(exchange, wire),
    change: () => madeUp(500),
  }),
  onAnswers({
    name: 'worthless-credentials-accepted',
    does: 'a request with worthless credentials gets an earlier successful answer',
    turnsRed: ['endpoints-ask-for-proof'],
    needs: 'authentication',
    when: (exchange, wire) => isDoing(exchange.phase, 'without proof') && isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'late-under-load',
    does: 'answers under the promised load come later than promised',
    turnsRed: ['bears-its-load', 'bears-a-soak', 'survives-a-spike'],
    once: 'each',
    when: ({ endpoint, phase }, { contract }) => isDoing(phase, ...LOADED) && endpoint === contract.capacity?.endpoint,
    // The check subtracts the time of waiting for a processor.
    change: (exchange, { numbers }) => late(exchange, 2 * (numbers.capacity?.withinMs ?? 0)),
  }),
  onAnswers({
    name: 'call-fails-under-load',
    does: 'a call during a spike gets 500',
    turnsRed: ['survives-a-spike'],
    when: (exchange, wire) => isDoing(exchange.phase, 'spike') && isServed(exchange, wire),
    change: () => madeUp(500),
  }),
  refusedIn('steady again', 'recovers', 'after the outage'),
];
