import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls, breakEach, ENDLESS_MS, silence, slowDown } from '../lib/break-calls.ts';
import { context, describedBreakers, type Fault, promised, reaching } from '../lib/context.ts';
import { untilClosed } from '../lib/failing-call.ts';
import { CALLS_AT_ONCE } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { planOf, step, take } from '../lib/steps.ts';
import { BEGUN_EVENTS } from '../lib/stream-failures.ts';
import { close } from '../lib/trials.ts';
import { pause, times, together, until } from '../lib/wait.ts';
import { nth } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/** An upstream, and the endpoints that reach it. */
interface Reached {
  readonly upstream: string;
  readonly endpoints: readonly string[];
}

const reached = (upstream: string): Reached => ({
  upstream,
  endpoints: reaching(upstream),
});

interface Crowd extends Reached {
  readonly concurrency: number;
  readonly queueSeconds?: number | undefined;
}

interface Reused extends Reached {
  readonly callsPerConnection: number;
}

const CROWDED = Object.entries(context.upstreams).flatMap(([upstream, { concurrency, queueSeconds }]): Crowd[] =>
  concurrency === undefined ? [] : [{ ...reached(upstream), concurrency, queueSeconds }],
);
const REUSED = Object.entries(context.upstreams).flatMap(([upstream, { callsPerConnection }]): Reused[] =>
  callsPerConnection === undefined ? [] : [{ ...reached(upstream), callsPerConnection }],
);
promised(CROWDED[0] ?? REUSED[0], 'concurrency or callsPerConnection of an upstream (upstreams.NAME)');

/** The upstreams that are called for streams. Their turns must last until the streams have ended. */
const STREAMED = CROWDED.flatMap((crowd) => {
  const endpoints = crowd.endpoints.filter((endpoint) => context.endpoints[endpoint]?.stream !== undefined);
  return endpoints.length === 0 ? [] : [{ ...crowd, endpoints }];
});

/** How long to wait for the promised number of calls, in all and for each, and then for those beyond it, in milliseconds. */
const ARRIVE_MS = 3_000;
const EACH_ARRIVES_MS = 10;
const MORE_MS = 500;
/** How long after the promised time callers must be refused, in milliseconds. The tolerance and the noise are less. */
const LATER_MS = 1_500;
/**
 * The number of callers for each concurrent call, and how many more callers than concurrent calls there are at most.
 * Some of them must have been refused if their time is promised.
 */
const CROWD = 3;
const MOST_MORE = 200;
/** How long a call takes that others wait for, in milliseconds, and how many wait at most. */
const [TURN_MS, MOST_WAITING] = [100, 20];
/** The number of calls for each connection, and at least. */
const SERIES = 3;
const SHORTEST_SERIES = 30;
/** The share of these calls that the upstream refuses. Never are two of them in a row. */
const REFUSED = 0.2;

const HELD = { kind: 'latency', milliseconds: ENDLESS_MS };
const BEGUN = { kind: 'slow-first-token', milliseconds: ENDLESS_MS, afterEvents: BEGUN_EVENTS };

const STEPS = [
  // The crowds may leave idle connections behind, so this comes first.
  ...REUSED.map((path) =>
    step({ action: 'one after another', upstream: path.upstream }, (planned) => follow(planned, path)),
  ),
  ...CROWDED.map((crowd) =>
    step({ action: 'crowd', upstream: crowd.upstream }, (planned) => gather(planned, crowd, HELD)),
  ),
  ...CROWDED.map((crowd) =>
    step({ action: 'crowd after failures', upstream: crowd.upstream }, (planned) =>
      gatherAfterFailures(planned, crowd),
    ),
  ),
  ...STREAMED.map(({ queueSeconds: _, ...crowd }) =>
    step({ action: 'crowd of streams', upstream: crowd.upstream }, (planned) => gather(planned, crowd, BEGUN)),
  ),
];

const heldMs = (queueSeconds: number | undefined): number =>
  queueSeconds === undefined ? MORE_MS : queueSeconds * 1_000 + LATER_MS;

export const proof: Proof = {
  about:
    'Sends more concurrent calls than an upstream may get, also after some have failed, and calls one after another. The ' +
    'upstream gets exactly the promised number of calls or streams at once, no caller waits for long, and calls share ' +
    'connections.',
  judges: 'concurrent upstream calls',
  clients: 1,
  seconds:
    3 +
    CROWDED.reduce((sum, { queueSeconds }) => sum + 3 + heldMs(queueSeconds) / 1_000, 0) +
    REUSED.length +
    STREAMED.length,
  holdsCalls: true,
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'connections-reused',
    'upstream-concurrency',
    'upstream-concurrency-reached',
    'queue-bounded',
    'slots-released',
    'recovers',
  ],
  plan: planOf(STEPS),
};

export default async function (): Promise<void> {
  await steady('steady', { any: [...CROWDED, ...REUSED].flatMap(({ endpoints }) => endpoints) });
  await take(STEPS);
  await steady('steady again');
}

/** Calls the endpoints that reach an upstream, one after another. It refuses some of them, with a whole response. */
async function follow(
  planned: PlannedAction<'one after another'>,
  { upstream, endpoints, callsPerConnection }: Reused,
): Promise<void> {
  const phase = await lab.phase(planned);
  await breakCalls(upstream, { kind: 'status', status: 400, rate: REFUSED });
  await times(Math.max(SHORTEST_SERIES, SERIES * callsPerConnection), (index) =>
    call(nth(endpoints, index), { phase }),
  );
  await lab.heal(upstream);
  await untilClosed({ upstream });
}

/** Calls endpoints that reach an upstream at once, and holds the calls there. */
async function gather(
  planned: PlannedAction<'crowd' | 'crowd after failures' | 'crowd of streams'>,
  { upstream, endpoints, concurrency, queueSeconds }: Crowd,
  holding: Fault,
): Promise<void> {
  const phase = await lab.phase(planned);
  await breakCalls(upstream, holding);
  const before = await lab.arrivals(upstream);
  const callers = Math.min(CALLS_AT_ONCE, CROWD * concurrency, concurrency + MOST_MORE);
  const calls = together(callers, (index) => call(nth(endpoints, index), { phase }));
  await until(
    async () => (await lab.arrivals(upstream)) - before >= concurrency,
    ARRIVE_MS + EACH_ARRIVES_MS * concurrency,
  );
  await pause(heldMs(queueSeconds));
  await lab.heal(upstream);
  await calls;
  await untilClosed({ upstream });
  if (queueSeconds === undefined) return;
  // Otherwise, those who waited in the crowd were refused before a caller left them its turn.
  await takeTurns(phase, { upstream, endpoints, concurrency });
  await untilClosed({ upstream });
}

/** Lets callers wait for their turn, and get it from others. */
async function takeTurns({ id }: Begun, { upstream, endpoints, concurrency }: Crowd): Promise<void> {
  const phase = await lab.phase({ when: 'after', of: id });
  await slowDown(upstream, TURN_MS);
  await together(concurrency + Math.min(concurrency, MOST_WAITING), (index) => call(nth(endpoints, index), { phase }));
  await lab.heal(upstream);
}

/** The failures of the calls that may keep their slots, and how many calls fail at most. */
const failuresOf = (upstream: string): Fault[] => [
  { kind: 'reset' },
  silence(upstream),
  { kind: 'status', status: 500 },
];
const MOST_FAILING = 4;
/** The longest timeout of a call that the script waits for, and how much longer it waits, in milliseconds. */
const LONGEST_TIMEOUT_MS = 2_000;
const TIMEOUT_LATE_MS = 300;

/** Lets a few calls fail at once, waits until breakers have closed again, and gathers a crowd. */
async function gatherAfterFailures(
  planned: PlannedAction<'crowd after failures'>,
  { queueSeconds: _, ...crowd }: Crowd,
): Promise<void> {
  const { upstream, endpoints, concurrency } = crowd;
  const phase = await lab.phase({ action: 'failing crowd', upstream });
  await breakEach(upstream, failuresOf(upstream));
  // If all slots were lost, no call would show how many there are.
  const failing = Math.max(1, Math.min(MOST_FAILING, concurrency - 1));
  const calls = together(failing, (index) => call(nth(endpoints, index), { phase }));
  const breakers = describedBreakers().filter((breaker) => breaker.upstream === upstream);
  const timeouts = breakers.map(({ callTimeoutSeconds = 0 }) => callTimeoutSeconds * 1_000);
  await pause(Math.max(0, ...timeouts.filter((ms) => ms <= LONGEST_TIMEOUT_MS)) + TIMEOUT_LATE_MS);
  await lab.heal(upstream);
  await calls;
  const after = await lab.phase({ when: 'after', of: phase.id });
  for (const breaker of breakers) await close(breaker, after);
  await gather(planned, crowd, HELD);
}
