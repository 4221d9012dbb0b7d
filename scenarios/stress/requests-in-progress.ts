import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { context, describedBreakers, distinctClients, type Path, pathsToUpstreams, promised } from '../lib/context.ts';
import { CALLS_AT_ONCE, delayCalls, holdMs } from '../lib/held-calls.ts';
import { lab } from '../lib/lab.ts';
import { runOnce } from '../lib/run-once.ts';
import { call } from '../lib/service.ts';
import { pause, together } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

/** A limit of requests in progress, and the upstream that keeps them in progress. */
interface Limited extends Path {
  readonly max: number;
}

const first = Object.keys(context.requestsInProgress)[0];
promised(first, 'limit of requests in progress in this profile (requestsInProgress)');
const LIMITED = Object.entries(context.requestsInProgress).flatMap(([endpoint, { max }]): Limited[] => {
  const path = pathsToUpstreams().find((candidate) => candidate.endpoint === endpoint);
  return path ? [{ ...path, max }] : [];
});
promised(LIMITED[0], 'limit of requests in progress to an endpoint that reaches an HTTP upstream');

const firstIn = (endpoint: string) => ({ action: 'at once', endpoint }) as const;
const againIn = (endpoint: string) => ({ action: 'at once again', endpoint }) as const;

/** Number of requests beyond the limit. */
const BEYOND = 5;
/** How long the first client's requests are in progress before another client sends some, as a share of a delay. */
const USED_UP = 0.3;

/** Requests of one client to an endpoint in this script. Rate limits must allow as many. */
const sent = ({ max }: Limited): number => 3 * max + 2 * BEYOND;
const isRateLimited = LIMITED.some(
  (endpointCall) => (context.limits[endpointCall.endpoint]?.max ?? sent(endpointCall)) < sent(endpointCall),
);

export const proof: Proof = {
  about:
    'A client sends more requests at once than it may have in progress. Exactly N are allowed, also after others have ' +
    'failed, and another client is not affected.',
  judges: 'limits of requests in progress',
  clients: distinctClients(2),
  seconds: 1 + LIMITED.reduce((sum, { upstream }) => sum + (2.5 * holdMs(upstream)) / 1_000, 0),
  holdsCalls: true,
  conditions: isRateLimited ? ['no-rate-limits'] : [],
  holds: ['requests-in-progress'],
  plan: LIMITED.flatMap(({ endpoint }) => [firstIn(endpoint), againIn(endpoint)]),
};

export const options = runOnce({ clients: 2 });

export default async function (): Promise<void> {
  for (const limited of LIMITED) await (__VU === 1 ? useUp(limited) : comeBy(limited));
}

async function useUp(limited: Limited): Promise<void> {
  const { endpoint, upstream, max } = limited;
  const atOnce = await lab.phase(firstIn(endpoint));
  await delayCalls(upstream);
  await send(endpoint, atOnce, most(max));
  await lab.heal(upstream);

  const failing = await lab.phase({ action: 'failing at once', endpoint });
  await breakCalls(upstream, { kind: 'status', status: 500 });
  await send(endpoint, failing, harmless(limited));
  await lab.heal(upstream);

  const again = await lab.phase(againIn(endpoint));
  await delayCalls(upstream);
  const burst = send(endpoint, again, most(max));
  await pause(USED_UP * holdMs(upstream));
  await lab.signal(`${endpoint} is used up`);
  await burst;
  await lab.awaitSignal(`${endpoint} was called`, 60_000);
  await lab.heal(upstream);
}

/** The other client. */
async function comeBy({ endpoint, max }: Limited): Promise<void> {
  await lab.awaitSignal(`${endpoint} is used up`, 120_000);
  const phase = await lab.currentPhase();
  await together(Math.max(0, Math.min(max, CALLS_AT_ONCE - max)), () =>
    call(endpoint, { phase, about: 'other client' }),
  );
  await lab.signal(`${endpoint} was called`);
}

/** Requests that wait for a process or thread are not in progress. */
const most = (max: number): number => Math.min(max + BEYOND, CALLS_AT_ONCE);

const send = (endpoint: string, phase: Begun, n: number): Promise<unknown> =>
  together(n, () => call(endpoint, { phase, about: 'burst' }));

/** The number of failures that use all slots if they are not released, but open no breaker. */
const harmless = ({ upstream, max }: Limited): number =>
  Math.min(
    max,
    ...describedBreakers()
      .filter((breaker) => breaker.upstream === upstream)
      .map(({ opening }) => opening.failures - 1),
  );
