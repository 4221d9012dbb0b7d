import { pause } from '../../base/clock.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { promisedTimeouts } from '../../contract/promised-timeouts.ts';
import { registeredFaults } from '../../contract/registered-faults.ts';
import { calling, isError, isGivenUp, late, onAnswers } from '../../wire/answers.ts';
import type { Exchange, WireAnswer } from '../../wire/exchange.ts';
import type { Wire, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, isDoing, type WirePhase } from '../../wire/wire-phase.ts';

/** How much later than promised something happens, in milliseconds. It exceeds all tolerances. */
const LATER_MS = 2_000;

/** Callers leave after 0.2 s, and the phase lasts for at least 0.7 s, both longer by the promised time. */
const LEFT_MS = 450;

/**
 * How long each caller of a volley waits before its second attempt, in milliseconds. Delays are small in comparison.
 */
const ALIKE_MS = 2_000;

/** Returns the upstream of a phase in which single calls fail. */
const failingIn = (phase: WirePhase | undefined): string => actionIn(phase, 'failing')?.upstream ?? '';

/** Checkers that notice one more request to an upstream that fails. */
const COUNTS = ['upstream-attempts', 'faults-answered', 'streams-tell-failure', 'streams-complete', 'falls-back'];

/** Defects of how long something waits: an attempt, a caller in a queue. */
export const WAIT_MUTANTS: readonly WireMutant[] = [
  {
    name: 'retry-too-early',
    does: 'an upstream that fails gets another request at the same time',
    turnsRed: ['attempts-apart'],
    disturbs: [...COUNTS, 'backoff-bounded', 'fallback-told', 'faults-answered-in-time'],
    needs: 'upstreams.NAME.calls.backoff',
    create: (wire) => {
      const seen = new Set<number | undefined>();
      return {
        arrive({ phase }) {
          const upstream = failingIn(phase);
          if (seen.has(phase?.id) || promisedCallsOf(wire.contract, upstream).attempts < 2) return false;
          seen.add(phase?.id);
          return wire.callUpstream(upstream);
        },
      };
    },
  },
  onAnswers({
    name: 'retry-too-late',
    does: 'an upstream that fails gets another request after the longest time between attempts',
    turnsRed: ['backoff-bounded'],
    disturbs: [...COUNTS, 'attempts-apart', 'fallback-told', 'faults-answered-in-time'],
    needs: 'upstreams.NAME.calls.backoff',
    // The health endpoint is also called in these phases.
    when: ({ endpoint, phase }, { contract }) =>
      actionIn(phase, 'failing')?.endpoint === endpoint &&
      promisedCallsOf(contract, failingIn(phase)).backoff?.maxSeconds !== undefined,
    change: async (exchange, wire) => {
      const upstream = failingIn(exchange.phase);
      const { maxSeconds = 0 } = promisedCallsOf(wire.contract, upstream).backoff ?? {};
      await pause(maxSeconds * 1_000 + LATER_MS);
      return calling(exchange, wire, [upstream]);
    },
  }),
  {
    name: 'retries-at-the-same-time',
    does: 'callers whose calls fail together retry after the same time',
    turnsRed: ['backoff-jittered'],
    needs: 'upstreams.NAME.calls.backoff',
    create: (wire) => ({
      instead({ endpoint, phase }) {
        const volley = actionIn(phase, 'volley');
        const answer = wire.served(endpoint);
        return !volley || volley.endpoint !== endpoint || !answer ? undefined : retried(wire, volley.upstream, answer);
      },
    }),
  },
  {
    name: 'retry-for-a-caller-who-left',
    does: 'an upstream gets another request for a caller who left',
    turnsRed: ['abandoned-calls-not-repeated'],
    needs: 'endpoints.NAME.cancels',
    create: (wire) => ({
      arrive({ endpoint = '', phase }) {
        const { upstream } = actionIn(phase, 'left before a retry') ?? {};
        if (upstream === undefined) return false;
        const { withinSeconds = 0 } = wire.contract.endpoints[endpoint]?.cancels ?? {};
        return new Promise((resolve) => {
          setTimeout(() => resolve(wire.callUpstream(upstream)), withinSeconds * 1_000 + LEFT_MS).unref();
        });
      },
    }),
  },
  onAnswers({
    name: 'hanging-call-kept-waiting',
    does: 'a call that hangs in a service without settings gets its answer seconds after the promised timeout',
    turnsRed: ['specified-timeouts'],
    needs: 'profiles.production',
    once: ({ endpoint = '' }) => endpoint,
    when: (exchange, wire) =>
      exchange.phase === undefined &&
      isError(exchange, wire) &&
      exchange.status !== 429 &&
      isGivenUp(exchange, timeoutOf(exchange, wire), isRefusal(exchange, wire)),
    // The script waits for two and a half times as long as promised, and a second.
    change: (exchange, wire) => late(exchange, (timeoutOf(exchange, wire) ?? 0) * 1_200 + 700),
  }),
  onAnswers({
    name: 'queue-without-a-timeout',
    does: 'a caller who waited too long for a turn gets the refusal two seconds later',
    turnsRed: ['queue-bounded'],
    needs: 'upstreams.NAME.queueSeconds',
    when: (exchange, wire) => isDoing(exchange.phase, 'crowd') && isError(exchange, wire),
    change: (exchange) => late(exchange, LATER_MS),
  }),
];

/** Whether an answer has the status with which a breaker refuses calls of its endpoint. */
const isRefusal = ({ endpoint, status }: Exchange, { contract }: Wire): boolean =>
  Object.values(contract.breakers).some((breaker) => breaker.endpoint === endpoint && breaker.refusal === status);

/** Returns the promised timeout of an endpoint's calls to an upstream that hangs, in seconds, or undefined. */
const timeoutOf = ({ endpoint }: Exchange, { contract, numbers }: Wire): number | undefined =>
  promisedTimeouts(contract, numbers, registeredFaults()).find((timeout) => timeout.endpoint === endpoint)?.seconds;

/** Calls an upstream in place of the service, and once more after the same time for all callers. */
async function retried(wire: Wire, upstream: string, answer: WireAnswer): Promise<WireAnswer> {
  const again = pause(ALIKE_MS).then(() => wire.callUpstream(upstream));
  await Promise.all([wire.callUpstream(upstream), again]);
  return answer;
}
