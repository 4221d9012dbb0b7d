import { pause } from '../../base/clock.ts';
import { type Exchange, madeUp, type WireAnswer } from '../exchange.ts';
import type { Wire, WireHooks, WireMutant } from '../wire-mutant.ts';
import { actionIn, belongs, isDoing, type WirePhase } from '../wire-phase.ts';
import { refusalOf } from './lib/answers.ts';

type Request = Pick<Exchange, 'endpoint' | 'phase'>;

/** How long each caller of a volley waits before its other attempt, in milliseconds. Delays are a small share of it. */
const ALIKE_MS = 2_000;

/** Returns hooks that answer all requests of a phase but the first. */
const answersOthers = (isIn: (request: Request) => boolean, answer: (request: Request) => WireAnswer): WireHooks => {
  const begun = new Set<number | undefined>();
  return {
    instead(request) {
      if (!isIn(request)) return undefined;
      const isFirst = !begun.has(request.phase?.id);
      begun.add(request.phase?.id);
      return isFirst ? undefined : answer(request);
    },
  };
};

/** Mutants that answer requests in place of the service, which does not get them. */
export const INSTEAD_MUTANTS: readonly WireMutant[] = [
  {
    name: 'read-without-the-table',
    does: 'reads get an earlier answer while the table is locked',
    turnsRed: ['pool-endpoint-reads-table'],
    disturbs: ['pool-refuses-the-rest', 'pool-says-when', 'pool-recovers'],
    needs: 'pool',
    create: ({ contract: { pool }, served }) => ({
      instead: ({ endpoint, phase }) =>
        isDoing(phase, 'locked') && endpoint === pool?.endpoint ? served(endpoint) : undefined,
    }),
  },
  {
    name: 'one-caller-at-a-time',
    does: 'all simultaneous callers except one are refused',
    turnsRed: ['upstream-concurrency-reached'],
    disturbs: ['upstream-concurrency', 'queue-bounded'],
    needs: 'upstreams.NAME.concurrency',
    create: ({ contract: { upstreams } }) =>
      answersOthers(
        ({ phase }) => {
          const crowded = upstreams[actionIn(phase, 'crowd', 'crowd of streams')?.upstream ?? ''] ?? {};
          // One of one is not fewer than promised.
          return 'concurrency' in crowded && crowded.concurrency !== 1;
        },
        () => madeUp(503),
      ),
  },
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
  {
    name: 'first-upstream-left-out',
    does: 'after errors that must not count, a call gets an earlier answer and does not reach the first upstream',
    turnsRed: ['fallback-spares-breaker'],
    needs: 'endpoints.NAME.fallback',
    create: ({ served }) => ({
      instead: ({ endpoint, phase }) => (belongs(phase, 'after', 'fallback spares') ? served(endpoint) : undefined),
    }),
  },
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
];

/** Returns the breaker whose trial the calls of a phase wait for. */
const waitedIn = (phase: WirePhase | undefined, { breaker = '' }: Wire): string =>
  isDoing(phase, 'half-open') ? breaker : (actionIn(phase, 'crowd in trial')?.breaker ?? '');

/** Calls an upstream in place of the service, and once more after the same time for all callers. */
async function retried(wire: Wire, upstream: string, answer: WireAnswer): Promise<WireAnswer> {
  const again = pause(ALIKE_MS).then(() => wire.callUpstream(upstream));
  await Promise.all([wire.callUpstream(upstream), again]);
  return answer;
}
