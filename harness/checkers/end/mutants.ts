import { registeredFaults } from '../../contract/registered-faults.ts';
import { formatOf, isError, isServed, onAnswers, withoutEnd } from '../../wire/answers.ts';
import { type Exchange, madeUp, type WireAnswer } from '../../wire/exchange.ts';
import type { Wire, WireHooks, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing, type WirePhase } from '../../wire/wire-phase.ts';
import { timeoutOf } from '../lib/timed-out.ts';
import { HANGING, isAsked, NOTICED_MS } from './ending.ts';

const isDuringCalls = (phase: WirePhase | undefined): boolean =>
  isAsked(actionIn(phase, 'terminated') ?? { signal: 'SIGKILL' });

/** Whether new requests begin in a phase while the service ends. */
const hasNewRequests = (phase: WirePhase | undefined): boolean => isDuringCalls(phase) || isDoing(phase, ...HANGING);

const OF_THE_END = ['acknowledged-is-stored', 'in-flight-at-end', 'streams-at-end', 'recovers'];

/** A call that takes longer than this share of its timeout takes nearly as long as it may. */
const NEARLY = 0.7;

const IDLE = 'the service ended so soon after SIGTERM that no request was refused later than tolerated';

/**
 * Returns hooks that answer requests that an ending service answers with an error, or does not accept.
 *
 * @param fromMs How long after SIGTERM these requests are sent at the earliest, in milliseconds.
 * @param answer Returns the response to a request for an endpoint, or undefined if the mutant does not act on it.
 */
function servedAtEnd(
  wire: Wire,
  fromMs: number,
  answer: (endpoint: string | undefined) => WireAnswer | undefined,
): WireHooks {
  const refused = ({ endpoint, phase, endingMs = 0 }: Pick<Exchange, 'endpoint' | 'phase' | 'endingMs'>) =>
    hasNewRequests(phase) && endingMs > fromMs ? answer(endpoint) : undefined;
  return {
    answer(exchange) {
      const { endingMs = 0, tookMs } = exchange;
      return isError(exchange, wire) ? refused({ ...exchange, endingMs: endingMs - tookMs }) : undefined;
    },
    refused,
  };
}

/** Defects of a service after SIGTERM. */
export const END_MUTANTS: readonly WireMutant[] = [
  {
    name: 'ready-while-ending',
    does: 'readiness is still served after SIGTERM',
    turnsRed: ['not-ready-at-end'],
    disturbs: ['new-requests-refused', ...OF_THE_END],
    needs: 'termination.ready',
    idle: IDLE,
    create(wire) {
      const { endpoints, termination: { ready = '' } = {} } = wire.contract;
      // The endpoint may not have been called before.
      const [status = 200] = endpoints[ready]?.served ?? [];
      return servedAtEnd(wire, NOTICED_MS, (endpoint) => (endpoint === ready ? madeUp(status) : undefined));
    },
  },
  {
    name: 'new-requests-served-while-ending',
    does: 'requests that are refused after SIGTERM get an earlier successful answer',
    turnsRed: ['new-requests-refused'],
    disturbs: ['not-ready-at-end', ...OF_THE_END],
    needs: 'termination',
    idle: IDLE,
    create: (wire) => {
      const { ready, drainSeconds = 0 } = wire.contract.termination ?? {};
      const answer = (endpoint?: string) => (endpoint === ready ? undefined : wire.served(endpoint));
      return servedAtEnd(wire, NOTICED_MS + drainSeconds * 1_000, answer);
    },
  },
  onAnswers({
    name: 'requests-in-progress-fail',
    does: 'requests in progress at SIGTERM get 500',
    turnsRed: ['in-flight-at-end'],
    disturbs: ['acknowledged-is-stored', 'new-requests-refused', 'not-ready-at-end', 'streams-at-end'],
    needs: 'termination',
    once: 'each',
    when: (exchange, wire) =>
      exchange.endingMs !== undefined && isDuringCalls(exchange.phase) && isServed(exchange, wire),
    change: () => madeUp(500),
  }),
  onAnswers({
    name: 'long-requests-in-progress-fail',
    does: 'requests in progress at SIGTERM that take nearly as long as their timeout allows get 500',
    turnsRed: ['in-flight-at-end'],
    disturbs: ['acknowledged-is-stored', 'new-requests-refused', 'not-ready-at-end', 'streams-at-end'],
    needs: 'termination',
    idle: 'the contract says of no call under load when it times out, or such a call was not served before SIGTERM',
    once: 'each',
    when(exchange, wire) {
      const { seconds } = timeoutOf({ ...wire, faults: registeredFaults() }, exchange.endpoint) ?? {};
      if (seconds === undefined || exchange.endingMs === undefined || !isDuringCalls(exchange.phase)) return false;
      return exchange.tookMs > seconds * 1_000 * NEARLY && isServed(exchange, wire);
    },
    change: () => madeUp(500),
  }),
  onAnswers({
    name: 'stream-at-the-end-cut-short',
    does: 'the last event of a stream that is in progress at SIGTERM is left out',
    turnsRed: ['streams-at-end'],
    needs: 'termination',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'streams at SIGTERM') &&
      isServed(exchange, wire) &&
      formatOf(exchange, wire) !== undefined,
    change: async (exchange, wire) => withoutEnd(await exchange.whole(), formatOf(exchange, wire)),
  }),
];
