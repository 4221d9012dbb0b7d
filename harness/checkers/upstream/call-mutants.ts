import { promisedCallsOf } from '../../contract/attempts.ts';
import { registeredFaults } from '../../contract/registered-faults.ts';
import { servedWithoutOf } from '../../contract/schema/fallback.ts';
import { promisedAnswer } from '../../contract/schema/on-fault.ts';
import {
  answersOthers,
  calling,
  inPlainText,
  isError,
  isServed,
  late,
  onAnswers,
  reachedBy,
  refusalOf,
  replay,
} from '../../wire/answers.ts';
import { type Exchange, madeUp } from '../../wire/exchange.ts';
import type { Wire, WireHooks, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, belongs, isDoing, type WirePhase } from '../../wire/wire-phase.ts';
import { isWaiting } from './failing-calls.ts';
import { AT_ONCE_SECONDS } from './faults-answered-in-time.ts';

/** Whether it is known how many requests one call makes in a phase. */
const isCounted = (phase: WirePhase | undefined): boolean =>
  isDoing(phase, 'endpoint', 'failing', 'no fallback') ||
  belongs(phase, 'after', 'fallback', 'fallback outage', 'fallback spares');
/** Phases in which upstreams fail, so that calls must fail as well. */
const FAILING = ['failing', 'too late', 'no fallback', 'redirected'] as const;

/** Phases in which an upstream presents a bad certificate. */
const POSED = ['impostor', 'impostor again'] as const;

/** Whether a call may be served although its upstream presents a bad certificate, so that a success shows nothing. */
function mayBeServed(phase: WirePhase | undefined, { contract }: Wire): boolean {
  const posed = actionIn(phase, ...POSED);
  const described = posed && contract.endpoints[posed.endpoint];
  return described !== undefined && servedWithoutOf(described).includes(posed?.upstream ?? '');
}

/** Phases in which callers leave. */
const LEFT = ['left', 'left again', 'left before a retry', 'left in trial'] as const;

/** How much later than its bound an answer comes, in milliseconds. It exceeds all tolerances. */
const LATER_MS = 4_000;
/** The same for attempts that fail at once. Their time is not a promise, so the bound is generous. */
const LATER_AT_ONCE_MS = 2_500;

/** Defects of calls to upstreams. */
export const CALL_MUTANTS: readonly WireMutant[] = [
  onAnswers({
    name: 'upstream-call-duplicated',
    does: 'each upstream gets another request for the same call',
    turnsRed: ['endpoints-reach-upstreams', 'upstream-attempts', 'fallback-returns'],
    disturbs: [
      'faults-answered',
      'streams-tell-failure',
      'streams-complete',
      'fallback-reopens',
      'fallback-told',
      'falls-back',
      'attempts-apart',
    ],
    needs: 'endpoints.NAME.reaches',
    once: 'phase',
    when: (exchange, wire) => isCounted(exchange.phase) && reachedBy(exchange, wire).length > 0,
    change: (exchange, wire) => calling(exchange, wire, reachedBy(exchange, wire)),
  }),
  onAnswers({
    name: 'failure-hidden-by-a-made-up-success',
    does: 'a call that fails with its upstream gets an earlier successful answer',
    turnsRed: [
      'faults-answered',
      'slow-upstream-bounded',
      'falls-back',
      'redirects-get-no-credentials',
      'streams-tell-failure',
    ],
    disturbs: ['streams-complete', 'upstream-attempts', 'streams-bounded', 'fallback-told'],
    needs: 'endpoints.NAME.reaches',
    once: 'each',
    when: (exchange, wire) => isDoing(exchange.phase, ...FAILING) && isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'rescued-call-refused',
    does: 'a call that another attempt has rescued gets 502',
    turnsRed: ['calls-rescued'],
    disturbs: ['rescued-answers'],
    needs: 'upstreams.NAME.calls.on',
    once: 'each',
    when: (exchange, wire) =>
      actionIn(exchange.phase, 'rescued')?.endpoint === exchange.endpoint && isServed(exchange, wire),
    change: () => madeUp(502),
  }),
  onAnswers({
    name: 'bad-certificate-hidden-by-a-made-up-success',
    does: 'a call whose upstream presents a bad certificate gets an earlier successful answer',
    turnsRed: ['impostor-gets-nothing'],
    needs: 'endpoints.NAME.reaches',
    once: 'each',
    when: (exchange, wire) =>
      isDoing(exchange.phase, ...POSED) && isError(exchange, wire) && !mayBeServed(exchange.phase, wire),
    change: replay,
  }),
  onAnswers({
    name: 'answer-delayed-past-its-timeout',
    does: 'a call whose upstream fails gets its answer long after the promised time',
    turnsRed: ['faults-answered-in-time', 'slow-upstream-bounded'],
    disturbs: ['faults-answered', 'streams-bounded', 'health-while-calls-fail', 'hung-trial-given-up'],
    needs: 'endpoints.NAME.reaches',
    once: ({ phase }) => actionIn(phase, 'failing', 'too late')?.action ?? '',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'failing', 'too late') &&
      !isWaiting(actionIn(exchange.phase, 'failing')?.fault ?? '', registeredFaults()) &&
      isError(exchange, wire),
    change: (exchange, wire) => late(exchange, tooLateMs(exchange, wire)),
  }),
  {
    name: 'timed-out-call-goes-on',
    does: 'an upstream that hangs gets another request, which waits for an answer after the caller got one',
    turnsRed: ['timed-out-calls-end'],
    disturbs: ['upstream-attempts', 'attempts-apart', 'faults-answered', 'backoff-bounded'],
    needs: 'profiles.NAME.breakers.NAME.callTimeoutSeconds',
    create: (wire) => ({
      arrive({ phase }) {
        const { upstream, fault = '' } = actionIn(phase, 'failing') ?? {};
        if (upstream === undefined || !isWaiting(fault, registeredFaults())) return false;
        return wire.callUpstream(upstream);
      },
    }),
  },
  onAnswers({
    name: 'slow-call-given-up-early',
    does: 'a call whose upstream answers within the timeout gets 504',
    turnsRed: ['slow-upstream-bounded'],
    needs: 'profiles.NAME.breakers.NAME.callTimeoutSeconds',
    when: (exchange, wire) => isDoing(exchange.phase, 'in time') && isServed(exchange, wire),
    change: () => madeUp(504),
  }),
  onAnswers({
    name: 'certificate-accepted',
    does: 'an upstream with a bad certificate gets a request',
    turnsRed: ['impostor-gets-nothing'],
    needs: 'upstreams',
    once: 'phase',
    when: ({ phase }) => isDoing(phase, ...POSED),
    change: (exchange, wire) => calling(exchange, wire, [actionIn(exchange.phase, ...POSED)?.upstream ?? '']),
  }),
  onAnswers({
    name: 'plain-text-after-a-refused-certificate',
    does: 'an upstream with a bad certificate gets a request in plain text',
    turnsRed: ['impostor-gets-nothing'],
    disturbs: ['upstreams-over-tls'],
    needs: 'upstreams',
    once: 'phase',
    when: ({ phase }) => isDoing(phase, ...POSED),
    change: (exchange, wire) => inPlainText(exchange, wire, [actionIn(exchange.phase, ...POSED)?.upstream ?? '']),
  }),
  onAnswers({
    name: 'redirect-followed-with-credentials',
    does: 'the other host to which an upstream redirects gets a request with credentials',
    turnsRed: ['redirects-get-no-credentials'],
    needs: 'upstreams',
    once: 'phase',
    when: ({ phase }) => isDoing(phase, 'redirected'),
    change: async (exchange, wire) =>
      (await wire.callElsewhere(actionIn(exchange.phase, 'redirected')?.upstream ?? '')) ? exchange.whole() : undefined,
  }),
  onAnswers({
    name: 'unverified-upstream-refused',
    does: 'a call gets 502 although its upstream need not be verified',
    turnsRed: ['unverified-upstreams-served'],
    needs: 'conditions.unverified-upstreams',
    when: (exchange, wire) => isDoing(exchange.phase, 'unverified') && isServed(exchange, wire),
    change: () => madeUp(502),
  }),
  onAnswers({
    name: 'connection-for-each-call',
    does: 'an upstream gets each request once more, on a new connection',
    turnsRed: ['connections-reused'],
    needs: 'upstreams.NAME.callsPerConnection',
    once: 'each',
    when: ({ phase }) => isDoing(phase, 'one after another'),
    change: (exchange, wire) =>
      calling(exchange, wire, [actionIn(exchange.phase, 'one after another')?.upstream ?? '']),
  }),
  {
    name: 'leaving-hidden',
    does: 'the service does not learn that a caller has left',
    turnsRed: ['abandoned-calls-end'],
    disturbs: ['abandoned-calls-count-nothing', 'abandoned-trial-ends', 'recovers'],
    needs: 'endpoints.NAME.cancels',
    create: () => ({ hidesLeaving: ({ phase }) => isDoing(phase, ...LEFT) }),
  },
  onAnswers({
    name: 'refusal-after-callers-left',
    does: 'a call that was served after callers left gets a refusal',
    turnsRed: ['abandoned-calls-count-nothing'],
    needs: 'endpoints.NAME.cancels',
    once: 'phase',
    when: (exchange, wire) => belongs(exchange.phase, 'after', 'left', 'left again') && isServed(exchange, wire),
    change: (_, wire) => refusalOf(wire),
  }),
  {
    name: 'calls-beyond-the-concurrency',
    does: 'an upstream gets another request for each caller in a crowd',
    turnsRed: ['upstream-concurrency'],
    disturbs: ['queue-bounded'],
    needs: 'upstreams.NAME.concurrency',
    create: (wire) => ({
      arrive({ phase }) {
        const { upstream } = actionIn(phase, 'crowd', 'crowd of streams', 'crowd after failures') ?? {};
        if (upstream === undefined) return false;
        return wire.callUpstream(upstream);
      },
    }),
  },
  {
    name: 'one-caller-at-a-time',
    does: 'all simultaneous callers except one are refused',
    turnsRed: ['upstream-concurrency-reached'],
    disturbs: ['upstream-concurrency', 'queue-bounded'],
    needs: 'upstreams.NAME.concurrency',
    create: (wire) => oneCallerIn(wire, 'crowd', 'crowd of streams'),
  },
  {
    name: 'one-caller-after-failures',
    does: 'after failures, all simultaneous callers except one are refused',
    turnsRed: ['slots-released'],
    needs: 'upstreams.NAME.concurrency',
    create: (wire) => oneCallerIn(wire, 'crowd after failures'),
  },
];

/** Refuses all callers of a crowd except one. With a promised concurrency of 1, that is no defect. */
const oneCallerIn = (
  { contract: { upstreams } }: Wire,
  ...actions: ('crowd' | 'crowd after failures' | 'crowd of streams')[]
): WireHooks =>
  answersOthers(
    ({ phase }) => {
      const crowded = upstreams[actionIn(phase, ...actions)?.upstream ?? ''] ?? {};
      return 'concurrency' in crowded && crowded.concurrency !== 1;
    },
    () => madeUp(503),
  );

/** Returns a time that is longer than a call may take while its upstream fails, in milliseconds. */
function tooLateMs({ endpoint = '', phase }: Exchange, { contract, numbers }: Wire): number {
  const { upstream = '', fault = '' } = actionIn(phase, 'failing') ?? {};
  const timeouts = Object.values(numbers.breakers).map(({ callTimeoutSeconds = 0 }) => callTimeoutSeconds);
  const { onFault } = contract.endpoints[endpoint] ?? {};
  const withinSeconds = onFault && promisedAnswer(onFault, fault, upstream)?.withinSeconds;
  const { budgetSeconds = 0, attempts } = promisedCallsOf(contract, upstream);
  const promised = Math.max(...timeouts, withinSeconds ?? 0, budgetSeconds);
  return Math.max(promised * 1_000 + LATER_MS, AT_ONCE_SECONDS * attempts * 1_000 + LATER_AT_ONCE_MS);
}
