import type { Proof } from '../../harness/contract/proof.ts';
import { context, find } from '../lib/context.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call } from '../lib/service.ts';
import { atMost } from '../lib/wait.ts';
import { nextWindow } from '../lib/windows.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

const SHARED = ['shared-limit-store'];

/** Time between the starts of two clients, as a share of a window. */
const APART = 0.15;

export const proof: Proof = {
  about: 'One client calls two replicas in turn. Together, they allow N requests, not 2N.',
  judges: 'limits shared by replicas',
  clients: LIMIT_CLIENTS,
  seconds: 2 + WINDOW + turns(LIMIT_CLIENTS, APART),
  conditions: SHARED,
  beside: [SHARED],
  holds: ['replicas-share-limits'],
};

/** Number of requests to each replica beyond the limit, and number of concurrent requests in a burst. */
const [BEYOND, IN_FLIGHT] = [5, 8];

/** One client for each limit. They start one after another so that their bursts don't compete for the machine. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await nextWindow(windowMs, Date.now());
  await burst(limit, 'first window');
  await nextWindow(windowMs, Date.now() + windowMs);
  await burst(limit, 'second window');
}

/**
 * Sends each replica more requests than the limit, alternating between them. A replica that counted on its own would
 * allow the whole limit.
 */
async function burst(limit: string, step: string): Promise<void> {
  const { max } = find(context.limits, limit);
  await atMost(IN_FLIGHT, context.services.length * (max + BEYOND), async (index) => {
    const process = index % context.services.length;
    await call(limit, { limit, step, process: String(process) }, { process });
  });
}
