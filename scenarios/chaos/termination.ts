import type { Begun, PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import type { EndSignal } from '../../harness/contract/schema/termination.ts';
import { breakCalls, ENDLESS_MS, slowDown } from '../lib/break-calls.ts';
import { context, find, type Path, promised, type StreamedPath, streamedPaths } from '../lib/context.ts';
import { atOnce, CALLS_AT_ONCE, delayCalls, HELD, hangCalls, holdMs, longHoldMs } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { noteComplete, noteError } from '../lib/note-streams.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { planOf, step, take } from '../lib/steps.ts';
import { BEGUN_EVENTS } from '../lib/stream-failures.ts';
import { pause, times, together, until } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const { ledger, termination } = context;
promised(ledger ?? termination, 'ledger and no termination');
/** The signal that asks the service to end. */
const SIGNAL = termination?.signal ?? 'SIGTERM';
/** The call under load, and the upstream that delays it. */
const held = termination && promised(HELD, 'endpoint that an upstream or the database can delay');
const endpoint = ledger?.endpoint ?? held?.endpoint ?? '';
/** The first endpoint with streams, and the upstream that sends the stream. */
const streamed = termination && streamedPath();
/** The delay of a call that takes nearly as long as it may, in milliseconds. */
const longMs = held ? longHoldMs(held) : 0;
const drainMs = (termination?.drainSeconds ?? 0) * 1_000;
/** How long the upstream's stream may stop without a timeout, in milliseconds. */
const stopMs = (streamed?.stream.stallSeconds ?? Number.POSITIVE_INFINITY) * 1_000;

/** Number of concurrent calls. */
const IN_FLIGHT = Math.min(6, CALLS_AT_ONCE);
/**
 * How long the load lasts before the service is terminated and after it is back, in milliseconds: at least, and at most
 * if few calls have been served because the machine is busy.
 */
const [LOAD_MS, LONGEST_LOAD_MS] = [500, 10_000];
/** How many calls must be served in this time. */
const SERVED = 10;
/** How long it lasts before calls are delayed. The service opens its connections to upstreams in the meantime. */
const WARM_UP_MS = 100;
/** How long after the last response all calls have reached the service again, in milliseconds. */
const RECEIVED_MS = 200;
/** How many calls take nearly as long as they may when the service ends. */
const LONG = 2;
/** How much shorter than a delay a call may seem, in milliseconds. */
const CLOCKS_MS = 10;
/** Time between two requests that check whether the service still accepts any, in milliseconds. */
const EVERY_MS = 50;
/** How long to send them, in milliseconds. Requests that an ending service accepts could keep it from ending. */
const ASKING_MS = 2_000;
const HANGING = 3;
const LOST_REPLIES = 3;
const STREAMS = 3;
/** How long to wait until the streams have reached the upstream, in milliseconds. */
const BEGIN_MS = 2_000;

/** Whether streams hang as well. The service must not abort them before SIGTERM. */
const hasEndless = streamed !== undefined && stopMs > 4 * RECEIVED_MS;

/** The endpoints that the steps call. */
const NEEDED = [endpoint, streamed?.endpoint, termination?.ready, context.pool?.endpoint].filter(
  (name) => name !== undefined,
);

const STEPS = [
  ...(ledger ? [step({ action: 'lost replies' }, loseReplies)] : []),
  step({ action: 'terminated', signal: SIGNAL }, terminate),
  ...(streamed ? [step({ action: 'streams at SIGTERM' }, (planned) => endStreams(planned, streamed))] : []),
  ...(held
    ? [
        hasEndless
          ? step({ action: 'calls and streams hang at SIGTERM' }, (planned) => hang(planned, held, streamed))
          : step({ action: 'calls hang at SIGTERM' }, (planned) => hang(planned, held)),
      ]
    : []),
  ...(ledger ? [step({ action: 'terminated', signal: 'SIGKILL' }, terminate)] : []),
];

export const proof: Proof = {
  about:
    'The service is stopped by SIGTERM and by SIGKILL while it is being called. Requests and streams in progress end as ' +
    'promised, new ones are refused, and each acknowledged event is stored exactly once, also if the reply to its commit is lost.',
  judges: 'ends of the service',
  clients: 1,
  seconds: (ledger ? 8 : 5) + (termination ? 5 : 0) + (streamed ? 2 : 0) + (2 * longMs) / 1_000,
  holdsCalls: true,
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'acknowledged-is-stored',
    'lost-reply-stored-once',
    'ends-when-told-to',
    'in-flight-at-end',
    'new-requests-refused',
    'streams-at-end',
    'not-ready-at-end',
    'recovers',
  ],
  plan: planOf(STEPS),
};

export default async function (): Promise<void> {
  await steady('steady', { each: NEEDED });
  await take(STEPS);
  await steady('steady again');
}

/**
 * Returns the first endpoint with streams, and the last upstream that it calls and that may send the stream: a language
 * model if there is one, or else one about which nothing is known.
 */
function streamedPath(): StreamedPath | undefined {
  const paths = streamedPaths().filter(({ endpoint }, _, [first]) => endpoint === first?.endpoint);
  const upstreamOf = ({ upstream }: StreamedPath) => find(context.upstreams, upstream);
  return (
    paths.findLast((path) => upstreamOf(path).needsBody) ??
    paths.findLast((path) => upstreamOf(path).kind === undefined) ??
    paths.at(-1)
  );
}

/** Calls an endpoint, with the request's key if it is the ledger's. */
const callIt = (phase: Begun, about: string) => call(endpoint, { phase, about, ...(ledger && { key: ledger.key }) });

/** Loses the reply to a commit of each call. */
async function loseReplies(planned: PlannedAction<'lost replies'>): Promise<void> {
  const phase = await lab.phase(planned);
  await times(LOST_REPLIES, async () => {
    await lab.fault('database', { kind: 'lost-reply', next: 1 });
    await callIt(phase, 'lost');
    await lab.heal('database');
  });
  // The first call that needs the database shows how long the service takes to recover.
  if (context.pool) await call(context.pool.endpoint, { phase, about: 'again' });
}

/** Calls the endpoint continuously while the service is terminated and restarted, and then reads the stored events. */
async function terminate(planned: PlannedAction<'terminated'> & { signal: EndSignal }): Promise<void> {
  const { signal } = planned;
  const phase = await lab.phase(planned);
  const { served: good = [] } = context.endpoints[endpoint] ?? {};
  let over = false;
  const seen = { ended: 0, served: 0, longestMs: 0 };
  const serveEnough = async () => {
    const enough = seen.served + SERVED;
    await pause(LOAD_MS);
    await until(() => seen.served >= enough, LONGEST_LOAD_MS);
  };
  const load = together(IN_FLIGHT, async () => {
    while (!over) {
      const { status, timings } = await callIt(phase, 'load');
      seen.ended += 1;
      if (good.includes(status)) {
        seen.served += 1;
        seen.longestMs = Math.max(seen.longestMs, timings.duration);
      }
      if (status === 0) await pause(20);
    }
  });
  if (held && signal !== 'SIGKILL') {
    await pause(WARM_UP_MS);
    await restartDuringCalls(phase, held, seen);
  } else {
    await serveEnough();
    await lab.restartService(signal);
  }
  await serveEnough();
  over = true;
  await load;
  if (ledger) await lab.readLedger();
}

/** What the callers under load have seen so far. */
interface Seen {
  readonly ended: number;
  /** The duration of the longest call that was served, in milliseconds. */
  readonly longestMs: number;
}

/**
 * Restarts the service while each caller is in the middle of a call, and some calls take nearly as long as they may. If
 * the service does not serve such a call before, none takes as long.
 */
async function restartDuringCalls(phase: Begun, { upstream }: Path, seen: Seen): Promise<void> {
  const shortMs = holdMs(upstream);
  await delayCalls(upstream);
  await delayLonger(upstream, 1);
  // Then each caller has got an answer in spite of the delay.
  const enough = seen.ended + 2 * IN_FLIGHT;
  const longEnds = Date.now() + shortMs + longMs;
  const isLongServed = () => seen.longestMs >= longMs - CLOCKS_MS;
  await until(() => seen.ended >= enough && (isLongServed() || Date.now() > longEnds), 10 * shortMs + longMs);
  const isLong = isLongServed();
  if (!isLong) {
    // The callers take turns at the same time. Without this, they may all have just begun their calls at SIGTERM.
    const turn = seen.ended + IN_FLIGHT;
    await until(() => seen.ended >= turn, 10 * shortMs);
  }
  if (isLong && drainMs === 0) await delayLonger(upstream, LONG);
  await pause(RECEIVED_MS);
  await Promise.all([
    restartWhileAsking(phase),
    healSoon(upstream),
    // The last calls that it accepts may take as long.
    ...(isLong && drainMs > 0 ? [pause(drainMs - shortMs - RECEIVED_MS).then(() => delayLonger(upstream, LONG))] : []),
  ]);
}

/** Delays the next n calls nearly as long as they may take. Resolves when they have arrived. */
async function delayLonger(upstream: string, n: number): Promise<void> {
  const shortMs = holdMs(upstream);
  if (longMs <= shortMs) return;
  const before = await lab.arrivals(upstream);
  await slowDown(upstream, longMs - shortMs, n);
  await until(async () => (await lab.arrivals(upstream)) - before >= n, 2 * shortMs);
}

/**
 * Heals an upstream that delays calls when those in progress at SIGTERM have reached it. The next process may have to
 * connect to it in time.
 */
async function healSoon(upstream: string): Promise<void> {
  await pause(drainMs + Math.max(2 * holdMs(upstream), longMs));
  await lab.heal(upstream);
}

/**
 * Restarts the service, and polls its readiness until it has restarted. New requests begin when they must be refused:
 * the service must be able to finish the requests that it has accepted.
 */
async function restartWhileAsking(phase: Begun): Promise<void> {
  const calls: Promise<unknown>[] = [];
  const drained = Date.now() + drainMs;
  let isBack = false;
  const back = lab.restartService(SIGNAL).finally(() => {
    isBack = true;
  });
  while (!isBack && Date.now() < drained + ASKING_MS) {
    if (Date.now() >= drained) calls.push(callIt(phase, 'new'));
    if (termination?.ready !== undefined) calls.push(call(termination.ready, { phase, about: 'ready' }));
    await pause(EVERY_MS);
  }
  await Promise.all([back, ...calls]);
}

/** Restarts the service while streams stop for a moment after their first events. */
async function endStreams(planned: PlannedAction<'streams at SIGTERM'>, path: StreamedPath): Promise<void> {
  const { upstream } = path;
  const phase = await lab.phase(planned);
  await breakCalls(upstream, { kind: 'slow-first-token', milliseconds: ENDLESS_MS, afterEvents: BEGUN_EVENTS });
  const { streams } = await beginStreams(path, phase, 'stream');
  const back = lab.restartService(SIGNAL);
  await pause(Math.min(holdMs(upstream), stopMs / 2 - RECEIVED_MS));
  await lab.heal(upstream);
  await Promise.all([back, streams]);
}

/** Opens streams, and waits until they have begun. The first calls of a new process may take long. */
async function beginStreams(path: StreamedPath, phase: Begun, about: string): Promise<{ streams: Promise<unknown> }> {
  const before = await lab.arrivals(path.upstream);
  const streams = openStreams(path, phase, about);
  await until(async () => (await lab.arrivals(path.upstream)) - before >= atOnce(STREAMS, path), BEGIN_MS);
  await pause(RECEIVED_MS);
  return { streams };
}

/** Calls an endpoint with streams, and notes for each caller how its stream ends. */
const openStreams = (path: StreamedPath, phase: Begun, about: string): Promise<unknown> =>
  together(atOnce(STREAMS, path), async (index) => {
    const tags = { phase, about, caller: String(index) };
    const answer = await call(path.endpoint, tags);
    noteError(path.endpoint, answer, tags);
    noteComplete(path.endpoint, answer, tags);
  });

/** Restarts the service during calls, and also streams, that never end. */
async function hang(
  planned: PlannedAction<'calls hang at SIGTERM' | 'calls and streams hang at SIGTERM'>,
  { upstream }: Path,
  endless?: StreamedPath,
): Promise<void> {
  const hanging = atOnce(HANGING, { endpoint, upstream });
  const phase = await lab.phase(planned);
  await hangCalls(upstream, hanging);
  const calls = together(hanging, () => callIt(phase, 'hanging'));
  await pause(RECEIVED_MS);
  let streams: Promise<unknown> | undefined;
  if (endless) {
    await breakCalls(endless.upstream, { kind: 'stall', events: BEGUN_EVENTS }, atOnce(STREAMS, endless));
    ({ streams } = await beginStreams(endless, phase, 'endless stream'));
  }
  // New requests that are accepted would wait for a database that hangs, and keep the service from ending.
  await (upstream === 'database' ? lab.restartService(SIGNAL) : restartWhileAsking(phase));
  await Promise.all([calls, streams]);
  await lab.heal(upstream);
  if (endless) await lab.heal(endless.upstream);
}
