import { isServed, onAnswers } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';
import { belongs, isDoing } from '../../wire/wire-phase.ts';

const NEEDS = 'frozen';

/** Defects of a service that is stopped for a moment. */
export const FREEZE_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'frozen-call-failed',
    does: 'a call that was in progress while the service was stopped gets 504 afterwards',
    turnsRed: ['frozen-calls-served'],
    disturbs: ['freeze-counts-nothing'],
    needs: NEEDS,
    when: (exchange, wire) => isDoing(exchange.phase, 'held for a freeze') && isServed(exchange, wire),
    change: () => madeUp(504),
    once: 'phase',
  }),
  onAnswers({
    name: 'refused-after-a-freeze',
    does: 'after the service was stopped for a moment, calls get 503',
    turnsRed: ['freeze-counts-nothing'],
    needs: NEEDS,
    when: (exchange, wire) => belongs(exchange.phase, 'after', 'held for a freeze') && isServed(exchange, wire),
    change: () => madeUp(503),
    once: 'phase',
  }),
];
