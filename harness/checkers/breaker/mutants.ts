import { matcher } from '../../history/transitions.ts';
import {
  answersOthers,
  breakerOf,
  calling,
  firstReached,
  isError,
  isGivenUp,
  isServed,
  late,
  onAnswers,
  reachedBy,
  refusalOf,
  refusedIn,
  replay,
} from '../../wire/answers.ts';
import type { Wire, WireHooks, WireMutant } from '../../wire/wire-mutant.ts';
import { actionIn, belongs, isDoing, type WirePhase } from '../../wire/wire-phase.ts';

/**
 * After these phases, a breaker is open. `opening` is not among them, because a call that reaches the upstream could
 * open the breaker later.
 */
const OPENED = [
  'at the minimum',
  'one good trial too few',
  'row',
  'row with retries',
  'ignored',
  'failed trial',
  'too late',
  'both out',
  'failing streams',
] as const;

/** Whether a breaker is open in a phase, and calls show it. */
const isOpen = (phase: WirePhase | undefined): boolean =>
  isDoing(phase, 'open', 'open with retries', 'fallback open') ||
  belongs(phase, 'after', ...OPENED) ||
  belongs(phase, 'half-open after', 'late successes');

export const BREAKER_MUTANTS: readonly WireMutant[] = [
  refusedIn('below', 'breaker-stays-closed', 'while the breaker is closed'),
  refusedIn('below after recovery', 'breaker-counts-anew', 'soon after recovery'),
  refusedIn('closed', 'breaker-closes', 'after a good trial'),
  onAnswers({
    name: 'refusals-after-an-abandoned-trial',
    does: 'all calls that were served after an abandoned trial get a refusal',
    turnsRed: ['abandoned-trial-ends'],
    needs: 'endpoints.NAME.cancels',
    once: 'each',
    when: (exchange, wire) => belongs(exchange.phase, 'after', 'left in trial') && isServed(exchange, wire),
    change: (_, wire) => refusalOf(wire),
  }),
  onAnswers({
    name: 'open-breaker-lets-a-call-through',
    does: 'the upstream gets a request for a call that an open breaker refuses',
    turnsRed: [
      'breaker-opens',
      'outage-with-retries',
      'failure-policy',
      'slow-upstream-bounded',
      'outages-apart',
      'streams-count-for-breaker',
      'late-results-ignored',
      'fallback-breakers-apart',
    ],
    disturbs: ['not-served-while-open', 'breaker-admits-one-trial', 'outage-isolated'],
    needs: 'breakers',
    once: 'phase',
    when: (exchange, wire) =>
      isOpen(exchange.phase) && (isDoing(exchange.phase, 'fallback open') || isError(exchange, wire)),
    change: (exchange, wire) => {
      const own = Object.values(wire.contract.breakers).filter(({ endpoint }) => endpoint === exchange.endpoint);
      const upstreams = own.map(({ upstream }) => upstream);
      return calling(exchange, wire, upstreams.length > 0 ? upstreams : firstReached(exchange, wire));
    },
  }),
  onAnswers({
    name: 'other-endpoint-bypasses-the-breaker',
    does: 'while a breaker is open, the upstream gets a request for a call of another endpoint',
    turnsRed: ['breaker-covers-endpoints'],
    disturbs: ['breaker-opens', 'outage-isolated', 'breaker-admits-one-trial'],
    needs: 'breakers',
    when: (exchange, wire) => {
      const { endpoint, upstream = '' } = breakerOf(wire) ?? {};
      const isElsewhere = isDoing(exchange.phase, 'open, elsewhere', 'open') && exchange.endpoint !== endpoint;
      return isElsewhere && reachedBy(exchange, wire).includes(upstream);
    },
    change: (exchange, wire) => calling(exchange, wire, [breakerOf(wire)?.upstream ?? ''].filter(Boolean)),
  }),
  onAnswers({
    name: 'made-up-success-while-open',
    does: 'a call that an open breaker refuses gets an earlier successful answer',
    turnsRed: ['not-served-while-open', 'breaker-opens'],
    disturbs: ['outage-isolated', 'breaker-refuses-at-once'],
    needs: 'breakers',
    when: (exchange, wire) =>
      isDoing(exchange.phase, 'open') && exchange.endpoint === breakerOf(wire)?.endpoint && isError(exchange, wire),
    change: replay,
  }),
  onAnswers({
    name: 'health-makes-a-trial',
    does: 'the upstream of an open breaker gets a request for a health check',
    turnsRed: ['trial-by-own-calls'],
    needs: 'breakers',
    when: ({ phase }, wire) => isDoing(phase, 'trial due') && breakerOf(wire) !== undefined,
    change: (exchange, wire) => calling(exchange, wire, [breakerOf(wire)?.upstream ?? ''].filter(Boolean)),
  }),
  onAnswers({
    name: 'trial-multiplied',
    does: 'the upstream gets more requests than the trials that a half-open breaker may admit',
    turnsRed: ['breaker-admits-one-trial'],
    disturbs: ['breaker-reopens', 'transitions-logged'],
    needs: 'breakers',
    when: ({ phase }, wire) => isDoing(phase, 'half-open') && breakerOf(wire) !== undefined,
    change: async (exchange, wire) => {
      const { upstream, trials = 'any' } = breakerOf(wire) ?? {};
      if (trials === 'any') wire.impossible('the contract allows any number of trials');
      if (upstream === undefined || trials === 'any') return undefined;
      return calling(
        exchange,
        wire,
        Array.from({ length: trials }, () => upstream),
      );
    },
  }),
  {
    name: 'callers-refused-during-a-trial',
    does: 'callers who must wait for a trial are refused at once',
    turnsRed: ['trial-waited-for'],
    disturbs: ['breaker-admits-one-trial', 'breaker-reopens', 'breaker-closes'],
    needs: 'breakers.NAME.duringTrial: wait',
    create: (wire) =>
      answersOthers(
        ({ endpoint, phase }) => {
          const breaker = wire.contract.breakers[waitedIn(phase, wire)];
          return breaker?.duringTrial === 'wait' && breaker.endpoint === endpoint;
        },
        () => refusalOf(wire),
      ),
  },
  onAnswers({
    name: 'hung-trial-kept-waiting',
    does: "the caller of a trial that hangs gets the answer seconds after the call's timeout",
    turnsRed: ['hung-trial-given-up'],
    needs: 'profiles.NAME.breakers.NAME.callTimeoutSeconds',
    when: (exchange, { contract, numbers }) => {
      const { breaker = '' } = actionIn(exchange.phase, 'hung trial') ?? {};
      const isRefused = exchange.status === contract.breakers[breaker]?.refusal;
      return isGivenUp(exchange, numbers.breakers[breaker]?.callTimeoutSeconds, isRefused);
    },
    change: (exchange, { numbers }) => {
      const { callTimeoutSeconds = 0 } = numbers.breakers[actionIn(exchange.phase, 'hung trial')?.breaker ?? ''] ?? {};
      return late(exchange, callTimeoutSeconds * 250 + LATER_MS);
    },
  }),
  onAnswers({
    name: 'next-trial-too-early',
    does: 'after a failed trial, the upstream gets a request at once',
    turnsRed: ['breaker-reopens'],
    disturbs: ['transitions-logged'],
    needs: 'breakers',
    when: (exchange, wire) => isDoing(exchange.phase, 'reopened') && isError(exchange, wire),
    change: (exchange, wire) => calling(exchange, wire, [breakerOf(wire)?.upstream ?? ''].filter(Boolean)),
  }),
  onAnswers({
    name: 'slow-refusals',
    does: 'refusals of an open breaker come 400 ms late, in a longer outage a second later than the call would time out',
    turnsRed: ['breaker-refuses-at-once', 'breaker-benefit'],
    disturbs: [
      'breaker-opens',
      'breaker-covers-endpoints',
      'not-served-while-open',
      'outage-isolated',
      'breaker-says-when',
      'breaker-reopens',
      'breaker-admits-one-trial',
      'transitions-logged',
      'breaker-closes',
      'breaker-counts-anew',
      'recovers',
      'trial-waited-for',
    ],
    needs: 'breakers',
    once: 'each',
    when: ({ phase, status }, wire) =>
      (isDoing(phase, 'open') || actionIn(phase, 'outage beside')?.variant === 'with breakers') &&
      status === breakerOf(wire)?.refusal,
    change: (exchange, wire) =>
      late(exchange, isDoing(exchange.phase, 'open') ? SLOW_MS : SLOWER_MS + timeoutMs(breakerOf(wire))),
  }),
  {
    name: 'transition-not-logged',
    does: 'the log does not say that the breaker closed',
    turnsRed: ['transitions-logged'],
    needs: 'breakers.NAME.log',
    create: (wire): WireHooks => ({
      line: (line) => {
        const { log, recoverySeconds } = breakerOf(wire) ?? {};
        return log?.closed.every((text) => matcher(text, { recoverySeconds }).test(line)) ? '' : undefined;
      },
    }),
  },
];

/** The delay of the answer to a hung trial after its timeout, in milliseconds. It exceeds all tolerances. */
const LATER_MS = 2_000;
/** Longer than a quarter of the time that the upstream waits before it fails. */
const SLOW_MS = 400;
/** The delay in addition to the timeout, in milliseconds, so that a busy machine can't explain all of it. */
const SLOWER_MS = 1_000;

/** How long a call takes that hangs, in milliseconds. */
const timeoutMs = (breaker: ReturnType<typeof breakerOf>): number => (breaker?.callTimeoutSeconds ?? 0) * 1_000;

/** Returns the breaker whose trial the calls of a phase wait for. */
const waitedIn = (phase: WirePhase | undefined, { breaker = '' }: Wire): string =>
  isDoing(phase, 'half-open') ? breaker : (actionIn(phase, 'crowd in trial')?.breaker ?? '');
