import { healthOf } from '../../contract/contract.ts';
import { late, onAnswers } from '../../wire/answers.ts';
import { madeUp } from '../../wire/exchange.ts';
import type { WireMutant } from '../../wire/wire-mutant.ts';
import { isDoing } from '../../wire/wire-phase.ts';

/** Phases in which something is broken and the health endpoint is called. */
const BROKEN = [
  'open',
  'database outage',
  'failing',
  'volley',
  'neighbour leaves few',
  'neighbour leaves none',
  'neighbour has left',
] as const;
/** How long health hangs: longer than all bounds, and shorter than a recovery timeout in most profiles. */
const HANG_MS = 1_900;
/** How long each of a few answers in a row takes in a service that is frozen: much longer than a busy machine adds. */
const FROZEN_MS = 2_000;
const FROZEN_ANSWERS = 10;
/** The minimum extra time of a response, in milliseconds. It is short enough not to reduce the number of calls. */
const SLOWER_MS = 20;

/** Defects that affect what an outage must not touch. */
export const OUTAGE_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'health-fails',
    does: 'health answers 503 while something is broken',
    turnsRed: ['outage-isolated', 'database-outage-survived', 'health-while-calls-fail', 'noisy-neighbour-survived'],
    disturbs: ['pool-says-when'],
    needs: 'health',
    // A phase begins with other calls that are not judged.
    once: 'each',
    when: ({ endpoint, phase }, { contract }) => isDoing(phase, ...BROKEN) && endpoint === healthOf(contract),
    change: () => madeUp(503),
  }),
  onAnswers({
    name: 'health-hangs',
    does: 'health answers seconds late while something is broken',
    turnsRed: ['outage-isolated', 'database-outage-survived', 'health-while-calls-fail', 'noisy-neighbour-survived'],
    disturbs: [
      'breaker-opens',
      'breaker-refuses-at-once',
      'breaker-admits-one-trial',
      'breaker-reopens',
      'transitions-logged',
      'not-served-while-open',
      'acknowledged-in-an-outage',
    ],
    needs: 'health',
    once: 'each',
    when: ({ endpoint, phase }, { contract }) => isDoing(phase, ...BROKEN) && endpoint === healthOf(contract),
    change: (exchange) => late(exchange, HANG_MS),
  }),
  {
    name: 'frozen-in-an-outage',
    does: 'a few responses of endpoints that an outage must not affect are two seconds late',
    turnsRed: ['untouched-never-wait'],
    disturbs: ['untouched-stay-as-fast'],
    needs: 'breakers.NAME.untouched',
    create: (wire) => {
      const untouched = wire.contract.breakers[wire.breaker ?? '']?.untouched ?? [];
      let left = FROZEN_ANSWERS;
      return {
        answer(exchange) {
          if (!isDoing(exchange.phase, 'hanging') || !untouched.includes(exchange.endpoint ?? '') || left === 0) return;
          left -= 1;
          return late(exchange, FROZEN_MS);
        },
      };
    },
  },
  onAnswers({
    name: 'slower-in-an-outage',
    does: 'all responses of endpoints that an outage must not affect take 20 ms longer, or twice as long',
    turnsRed: ['untouched-stay-as-fast'],
    disturbs: ['untouched-never-wait'],
    needs: 'breakers.NAME.untouched',
    once: 'each',
    when: ({ endpoint = '', phase }, { contract, breaker = '' }) =>
      isDoing(phase, 'hanging') && contract.breakers[breaker]?.untouched.includes(endpoint) === true,
    change: (exchange) => late(exchange, Math.max(SLOWER_MS, exchange.tookMs)),
  }),
];
