import type { Unserved } from '../../harness/contract/limit-costs.ts';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import type { Step } from '../../harness/contract/tags.ts';
import { badBodies } from '../lib/bad-bodies.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { context, distinctClients, failedBy, find, limitNames, promised, shareCounter } from '../lib/context.ts';
import { widthOf } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { inRounds } from '../lib/limit-clients.ts';
import { loseConnections } from '../lib/pool.ts';
import { runOnce } from '../lib/run-once.ts';
import { call, type Extra } from '../lib/service.ts';
import { atMost, pause } from '../lib/wait.ts';
import { awaitClockWindow, needWindows } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

needWindows();

const { counts } = context.limiter;

/** Requests of one client to a limit that are not served. */
interface Cost {
  readonly limit: string;
  readonly why: Unserved;
  readonly extra: Extra;
}

/** Whether the service identifies a client by its address or a header, so that credentials don't matter. */
const isKnownWithoutKey = context.client !== 'key' && context.client !== 'user';

/** Returns the requests to a limit that its endpoint rejects. The scenario does not judge endpoints without any. */
function rejectedAt(limit: string): Cost[] {
  const { worthless, body } = find(context.endpoints, limit);
  const [proof] = isKnownWithoutKey ? worthless : [];
  return [
    ...(proof === undefined ? [] : [{ limit, why: 'unauthenticated', extra: { proof } } as const]),
    ...(body === undefined ? [] : badBodies(body).map(([why, text]) => ({ limit, why, extra: { body: text } }))),
  ];
}

/** Returns the phase of these requests. Several clients may send theirs at the same time. */
function planOf({ limit, why }: Cost): PlannedAction<'unserved'> {
  return { action: 'unserved', endpoint: limit, variant: why };
}

/** The limits that each client has for itself. Several clients use each of them at the same time. */
const LIMITS = limitNames().filter((limit) => find(context.limits, limit).clients === 'apart');
/** Without a promise, nobody knows whether rejected requests count. */
const REJECTED = counts === undefined ? [] : LIMITS.flatMap(rejectedAt);

/** Returns the first HTTP upstream without which an endpoint fails. Later ones are not called while it fails. */
const neededBy = (endpoint: string): string | undefined =>
  find(context.endpoints, endpoint).reaches.find(
    (name) => context.upstreams[name]?.protocol === 'http' && failedBy(name).includes(endpoint),
  );

/** The limits of endpoints that fail with an upstream, one for each counter. */
const FAILING = LIMITS.filter((limit) => neededBy(limit) !== undefined).filter(
  (limit, index, all) => !all.slice(0, index).some((other) => shareCounter(limit, other)),
);
/** The upstreams that fail at the same time. */
const BROKEN = [...new Set(FAILING.flatMap((limit) => neededBy(limit) ?? []))];

/** The pool whose connections are lost, unless a breaker in front of the database would open. */
const POOL = Object.values(context.breakers).some(({ upstream }) => upstream === 'database') ? undefined : context.pool;

/** Whether a breaker may still be open when the upstreams work again. Without a promise, a single call fails at each. */
const mayBeOpen =
  counts !== undefined ||
  Object.values(context.breakers).some(({ upstream, opening }) => BROKEN.includes(upstream) && opening.failures < 2);

/**
 * The limits to use up when the upstreams and the database work again, one for each counter. The refusals of a breaker
 * count only if all requests do.
 */
const AFTER = (BROKEN.length === 0 && POOL === undefined ? [] : LIMITS)
  .filter(
    (limit) =>
      counts === 'all' ||
      !mayBeOpen ||
      !find(context.endpoints, limit).reaches.some((upstream) => BROKEN.includes(upstream)),
  )
  .filter((limit, index, all) => !all.slice(0, index).some((other) => shareCounter(limit, other)));

/** Returns the phase after trouble for a limit. */
const afterTrouble = (endpoint: string): PlannedAction<'after trouble'> => ({ action: 'after trouble', endpoint });

/** Their requests while the upstreams fail. */
const FAILED = counts === undefined ? [] : FAILING.map((limit): Cost => ({ limit, why: 'failed', extra: {} }));

promised(counts ?? AFTER[0], 'limiter.counts');
promised(REJECTED[0] ?? FAILED[0] ?? AFTER[0], 'limited endpoint whose requests can be rejected or can fail');

/** A client for each limit and kind of rejected request, one for those that fail, and one for the time after them. */
const CLIENTS = distinctClients(REJECTED.length + 1 + Math.min(1, AFTER.length));
/** Time between the starts of two clients, as a share of a window. */
const APART = 0.2;
/** Number of requests in a burst beyond the limit, and number of concurrent requests in a burst. */
const [BEYOND, IN_FLIGHT] = [3, 8];

export const proof: Proof = {
  about:
    'Sends more requests than a limit allows without credentials, with invalid bodies, and while upstreams fail. They ' +
    'count toward the limit as the contract says. When the upstreams work again, and after the database has lost its ' +
    'connections, the limits still hold.',
  judges: 'costs of refused requests',
  clients: CLIENTS,
  seconds: 2 + turns(CLIENTS, APART) + FAILING.length * 0.25 * WINDOW,
  conditions: [],
  holds: [...(counts === undefined ? [] : ['rate-limit-costs']), 'rate-limit-after-trouble'],
  plan: [...[...REJECTED, ...FAILED].map(planOf), ...AFTER.map(afterTrouble)],
};

export const options = runOnce({ clients: CLIENTS });

export default async function (): Promise<void> {
  const cost = REJECTED[__VU - 1];
  if (__VU > REJECTED.length + 1) return useUpAgain();
  if (!cost) return fail();
  await pause((__VU - 1) * APART * windowMs(cost.limit));
  await inRounds(windowMs(cost.limit), (round) => spend(cost, round, true));
  await lab.signal(`client ${__VU} is done`);
}

const windowMs = (limit: string): number => find(context.limits, limit).windowSeconds * 1_000;

/** Once the other clients are done, lets the upstreams fail, and sends requests to each endpoint that needs them. */
async function fail(): Promise<void> {
  for (let client = 1; client < __VU; client += 1) await lab.awaitSignal(`client ${client} is done`, 120_000);
  for (const upstream of BROKEN) await breakCalls(upstream, { kind: 'status', status: 500 });
  for (const cost of FAILED) await inRounds(windowMs(cost.limit), (round) => spend(cost, round, false));
  if (counts === undefined) {
    const phase = await lab.phase({ action: 'upstreams fail' });
    for (const upstream of BROKEN) {
      const limit = FAILING.find((endpoint) => neededBy(endpoint) === upstream);
      if (limit !== undefined) await call(limit, { phase, about: 'failed' });
    }
  }
  for (const upstream of BROKEN) await lab.heal(upstream);
  if (POOL) await loseConnections(POOL, 1, await lab.phase({ action: 'connections lost' }));
  await lab.signal('upstreams work again');
}

/** Uses up each limit once the upstreams work again. */
async function useUpAgain(): Promise<void> {
  await lab.awaitSignal('upstreams work again', 240_000);
  for (const limit of AFTER) {
    const phase = await lab.phase(afterTrouble(limit));
    await inRounds(windowMs(limit), async (round) => {
      await awaitClockWindow(windowMs(limit));
      const began = Date.now();
      await atMost(widthOf(limit, IN_FLIGHT), find(context.limits, limit).max + BEYOND, () =>
        call(limit, { phase, limit, round }),
      );
      return Date.now() < began + windowMs(limit);
    });
  }
}

/**
 * Sends requests that are rejected or fail, and then valid requests if they can be served. Returns whether everything
 * fit into one window.
 */
async function spend(cost: Cost, round: string, canBeServed: boolean): Promise<boolean> {
  const { limit, why, extra } = cost;
  const phase = await lab.phase(planOf(cost));
  await awaitClockWindow(windowMs(limit));
  const began = Date.now();
  const burst = (step: Step, width: number, other: Extra) =>
    atMost(widthOf(limit, width), find(context.limits, limit).max + BEYOND, () =>
      call(limit, { phase, limit, round, step, variant: why }, other),
    );
  // A service may count requests while they are in progress, and undo that when they fail.
  const areCounted = counts === 'all' && canBeServed;
  await burst('unserved', areCounted ? IN_FLIGHT : 1, extra);
  if (canBeServed) await burst('left', IN_FLIGHT, {});
  return Date.now() < began + windowMs(limit);
}
