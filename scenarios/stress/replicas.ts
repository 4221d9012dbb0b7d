import type { Options } from 'k6/options';
import { context, find, limitNames } from '../lib/context.ts';
import type { Proof } from '../lib/proof.ts';
import { call } from '../lib/service.ts';
import { atMost, pause } from '../lib/wait.ts';
import { nextWindow } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

const LIMITS = limitNames();
const SHARED = ['shared-limit-store'];

export const proof: Proof = {
  about: 'Two replicas that count in one store, called in turn by one client: together they admit N, not 2 N.',
  clients: LIMITS.length,
  conditions: SHARED,
  beside: [SHARED],
  holds: ['replicas-share-limits'],
};

/** Requests that each replica gets beyond the limit, and how many of a burst are in flight at once. */
const [BEYOND, IN_FLIGHT] = [5, 8];
/** Of a window's length: how far apart the clients begin. */
const APART = 0.15;

export const options: Options = {
  scenarios: {
    clients: { executor: 'per-vu-iterations', vus: proof.clients, iterations: 1, maxDuration: '20m' },
  },
  thresholds: { iterations: [`count==${proof.clients}`] },
};

/** A client for each limit, one a little after the other: no burst has to share the machine with all of them. */
export default async function (): Promise<void> {
  const limit = LIMITS[__VU - 1] as string;
  const windowMs = find(context.limits, limit).windowSeconds * 1_000;
  await pause((__VU - 1) * APART * windowMs);
  await nextWindow(windowMs, Date.now());
  await burst(limit, 'first window');
  await nextWindow(windowMs, Date.now() + windowMs);
  await burst(limit, 'second window');
}

/** Each replica gets more than the limit, in turn: were it to count for itself, it would admit as many by itself. */
async function burst(limit: string, step: string): Promise<void> {
  const { max } = find(context.limits, limit);
  await atMost(IN_FLIGHT, context.services.length * (max + BEYOND), async (index) => {
    const process = index % context.services.length;
    await call(limit, { limit, step, process: String(process) }, { process });
  });
}
