import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context, find, httpPaths, POOL_ALONE, promised } from '../lib/context.ts';
import { CALLS_AT_ONCE, servedDelayMs } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { ACQUISITION } from '../lib/lasting.ts';
import { crowd, loseConnections, roomOf, tooMany, untilServedAgain, untilWhole } from '../lib/pool.ts';
import { noteRefusal } from '../lib/refusals.ts';
import { call } from '../lib/service.ts';
import { atMost, pause, times, together, until } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/** The calls that may occupy a connection while they wait for an upstream. */
const PATHS = httpPaths();
const pool = promised(context.pool, 'pool');
const { max, queueMax = 0, acquireTimeoutSeconds, endpoint, refusal } = pool;
/** Reads that call the upstream as well would wait for it, and not for a connection. */
const PLAN = PATHS.filter(({ upstream }) => !find(context.endpoints, endpoint).reaches.includes(upstream)).map(
  ({ upstream, endpoint }) => ({ action: 'slow upstream', upstream, endpoint }) as const,
);

export const proof: Proof = {
  about:
    'Sends more calls than the pool has connections, cuts connections, takes all slots, breaks upstreams, and lets ' +
    'callers leave. The pool never exceeds its maximum, rejects the rest in time, and leaks nothing.',
  judges: 'connection ceiling',
  clients: 1,
  seconds: 8 + 3 * ACQUISITION,
  holdsCalls: true,
  conditions: ['no-rate-limits', ...POOL_ALONE],
  holds: [
    'steady-state',
    'pool-free-during-upstream-calls',
    'pool-ceiling',
    'pool-refuses-the-rest',
    'pool-says-when',
    'pool-refusals',
    'pool-recovers',
    'pool-survives-lost-connections',
    'pool-leaks-nothing',
  ],
  plan: PLAN,
};

/** Number of calls that wait for an upstream, beyond the number of connections. */
const BEYOND = 10;
/** Number of simultaneous reads while calls wait for an upstream. */
const READS = 5;
/** The calls that wait leave room for reads, but there are as many as connections, if the service works on more. */
const WAITING = Math.min(max + BEYOND, Math.max(1, CALLS_AT_ONCE - READS, Math.min(max, CALLS_AT_ONCE - 1)));
/** For how long fewer calls than connections are held, in milliseconds. */
const FEW_HELD_MS = 500;
/** Number of seconds after which a caller aborts. By then, it must have a connection. */
const IMPATIENT_SECONDS = 0.5;
/**
 * The slow upstream's longest latency, in milliseconds. It is well above the noise, so that waiting for the upstream is
 * visible.
 */
const SLOW_MS = 1_000;

export default async function (): Promise<void> {
  const phase = await lab.phase({ action: 'steady' });
  await times(3, () => call(endpoint, { phase }));

  await warmUp(await lab.phase({ action: 'warm-up' }));

  for (const planned of PLAN) await readWhileUpstreamIsSlow(planned);

  const locked = await lab.phase({ action: 'locked' });
  await lab.fault('database', { kind: 'lock' });
  await askForMoreThanThereIs(locked);

  const recovered = await lab.phase({ action: 'recovered' });
  await atMost(roomOf(pool), 4 * (max + queueMax), () => call(endpoint, { phase: recovered }));

  await loseAllConnections(await lab.phase({ action: 'connections lost' }));
  await failUpstreams(await lab.phase({ action: 'upstreams fail' }));
  await abandonCalls(await lab.phase({ action: 'abandoned' }));

  await untilWhole(pool);
  await lab.phase({ action: 'end' });
}

/** Number of warm-up rounds, in which the service connects to its database and compiles the code for a burst. */
const WARM_UP = 3;

/**
 * Makes the same concurrent calls as later, with healthy upstreams, because a cold service responds slowly at first.
 */
async function warmUp(phase: Begun): Promise<void> {
  const writers = [...new Set(PATHS.map((path) => path.endpoint))];
  await times(WARM_UP, async () => {
    for (const writer of writers) await together(max + BEYOND, () => call(writer, { phase }));
    await together(max, () => call(endpoint, { phase }));
  });
}

/** Makes more calls than the pool has connections wait for an upstream, and reads at the same time. */
async function readWhileUpstreamIsSlow(planned: (typeof PLAN)[number]): Promise<void> {
  const { upstream, endpoint: writer } = planned;
  const phase = await lab.phase(planned);
  const slowMs = servedDelayMs(upstream, SLOW_MS);
  await lab.fault(upstream, { kind: 'latency', milliseconds: slowMs });
  const waiting = together(WAITING, () => call(writer, { phase, about: 'upstream' }));
  // By then, the calls have finished whatever they do before the upstream call, which may need the database. The reads
  // run concurrently, so that all of them overlap with the upstream call.
  await pause(slowMs / 4);
  await together(READS, () => call(endpoint, { phase, about: 'read' }));
  await waiting;
  await lab.heal(upstream);
}

/**
 * Makes every call wait for the locked table. Calls with a connection wait until it is unlocked, and the others wait
 * for as long as they are allowed to.
 */
async function askForMoreThanThereIs(phase: Begun): Promise<void> {
  const all = tooMany(pool);
  let answered = 0;
  const calls = crowd(all, pool, async () => {
    const response = await call(endpoint, { phase });
    answered += 1;
    if (response.status === refusal) noteRefusal(response, { phase, of: 'database' }, context.pool?.refusalAnswer);
  });
  if (all > max) await until(() => answered >= all - max, acquireTimeoutSeconds * 1_000 + 3_000);
  else await pause(FEW_HELD_MS);
  await lab.heal('database');
  await calls;
}

/** Closes the service's connections: during queries, while they are idle, and when no slot is left. */
async function loseAllConnections(phase: Begun): Promise<void> {
  await loseConnections(pool, max, phase);
  await lab.fault('database', { kind: 'terminate' });
  await lab.fault('database', { kind: 'slots', leave: 0 });
  await times(3, () => call(endpoint, { phase }));
  await lab.heal('database');
  await untilServedAgain(pool, phase);
}

/**
 * Makes callers abort while their queries occupy every connection. When the queries end, the connections must be free
 * again.
 */
async function abandonCalls(phase: Begun): Promise<void> {
  await lab.fault('database', { kind: 'lock' });
  await together(max, () => call(endpoint, { phase }, { seconds: IMPATIENT_SECONDS }));
  await lab.heal('database');
}

/**
 * Lets as many calls fail at their upstream as the pool has connections. A service that reads may need its upstreams for
 * it, whose breakers are open afterwards: then none fails.
 */
async function failUpstreams(phase: Begun): Promise<void> {
  if (PATHS.some((path) => path.endpoint === endpoint)) return;
  const failing = [...new Set(PATHS.map(({ upstream }) => upstream))];
  const writers = [...new Set(PATHS.map((path) => path.endpoint))];
  for (const upstream of failing) await lab.fault(upstream, { kind: 'reset' });
  await Promise.all(writers.map((writer) => together(max, () => call(writer, { phase }))));
  for (const upstream of failing) await lab.heal(upstream);
}
