import { healthOf } from '../../contract/contract.ts';
import { madeUp } from '../exchange.ts';
import type { WireMutant } from '../wire-mutant.ts';
import { isDoing } from '../wire-phase.ts';
import { isError, isServed, late, onAnswers, replay } from './lib/answers.ts';

/** Phases in which something is broken and the health endpoint is called. */
const BROKEN = [
  ...(['open', 'database outage', 'failing', 'volley'] as const),
  ...(['neighbour leaves few', 'neighbour leaves none', 'neighbour has left'] as const),
] as const;
/** How long health hangs: longer than all bounds, and shorter than a recovery timeout in most profiles. */
const HANG_MS = 1_500;
/** How long each of a few answers in a row takes in a service that is frozen: much longer than a busy machine adds. */
const FROZEN_MS = 2_000;
const FROZEN_ANSWERS = 10;
/** The minimum extra time of a response, in milliseconds. It is short enough not to reduce the number of calls. */
const SLOWER_MS = 20;

export const ANSWER_MUTANTS: readonly WireMutant[] = [
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
      ...['breaker-opens', 'breaker-refuses-at-once', 'breaker-admits-one-trial', 'breaker-reopens'],
      ...['transitions-logged', 'not-served-while-open', 'acknowledged-in-an-outage'],
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
  onAnswers({
    name: 'pool-serves-one-too-many',
    does: 'a call that gets no connection gets an earlier successful answer',
    turnsRed: ['pool-refuses-the-rest'],
    disturbs: ['pool-says-when'],
    needs: 'pool',
    when: (exchange, wire) => isDoing(exchange.phase, 'locked', 'locked again') && isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'read-refused-during-upstream-calls',
    does: 'a read is refused while other calls wait for an upstream',
    turnsRed: ['pool-free-during-upstream-calls'],
    needs: 'pool',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'slow upstream') &&
      exchange.endpoint === wire.contract.pool?.endpoint &&
      isServed(exchange, wire),
    change: (_, { contract }) => madeUp(contract.pool?.refusal ?? 503),
  }),
  onAnswers({
    name: 'reads-refused-once-connections-are-back',
    does: 'reads that need all connections of the pool at the end are refused',
    turnsRed: ['pool-leaks-nothing'],
    disturbs: ['pool-refuses-the-rest', 'pool-says-when'],
    needs: 'pool',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, 'locked again') && isServed(exchange, wire),
    change: (_, { contract }) => madeUp(contract.pool?.refusal ?? 503),
  }),
  onAnswers({
    name: 'acknowledged-without-a-row',
    does: 'an event that was refused gets an earlier answer that acknowledged one',
    turnsRed: ['acknowledged-in-an-outage'],
    needs: 'ledger',
    once: 'phase',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'database outage') &&
      exchange.endpoint === wire.contract.ledger?.endpoint &&
      isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'call-fails-after-lost-connections',
    does: 'a call without a database connection gets 500',
    turnsRed: ['pool-survives-lost-connections'],
    needs: 'pool',
    when: (exchange, wire) => isDoing(exchange.phase, 'connections lost') && isError(exchange, wire),
    change: () => madeUp(500),
  }),
];
