import type { Proof } from '../../harness/contract/proof.ts';
import type { Tags } from '../../harness/contract/tags.ts';
import { context, find } from '../lib/context.ts';
import { widthOf } from '../lib/held-calls.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call } from '../lib/service.ts';
import { atMost } from '../lib/wait.ts';
import { fitsInto, needWindows, nextWindow } from '../lib/windows.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

needWindows();

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

/**
 * Number of requests to each replica beyond the limit, and number of concurrent requests in a burst. More would keep
 * two cores so busy that each request waits for a processor, which makes the checker doubt the replicas that admit too
 * many.
 */
const [BEYOND, IN_FLIGHT] = [5, 4];

/** One client for each limit. They start one after another so that their bursts don't compete for the machine. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await inRounds(windowMs, async (round) => {
    await nextWindow(windowMs, Date.now());
    const first = await burst(limit, windowMs, { step: 'first window', round });
    await nextWindow(windowMs, Date.now() + windowMs);
    const second = await burst(limit, windowMs, { step: 'second window', round });
    return first === 'broken' || second === 'broken' || (first === 'exact' && second === 'exact');
  });
}

/** The result of a burst for the limit. A round that breaks the limit is not repeated, so that it is judged. */
type Proved = 'broken' | 'exact' | 'nothing';

/**
 * Sends each replica more requests than the limit, alternating between them. A replica that counted on its own would
 * allow the whole limit. Returns `broken` if too many were served in a window, `exact` if all others got 429 before it
 * ended, and `nothing` if the burst proves nothing.
 */
async function burst(limit: string, windowMs: number, tags: Pick<Tags, 'step' | 'round'>): Promise<Proved> {
  const { max } = find(context.limits, limit);
  const { served } = find(context.endpoints, limit);
  const began = Date.now();
  const responses = await atMost(widthOf(limit, IN_FLIGHT), context.services.length * (max + BEYOND), (index) => {
    const process = index % context.services.length;
    return call(limit, { limit, ...tags, process: String(process) }, { process });
  });
  const tookMs = Date.now() - began;
  const admitted = responses.filter(({ status }) => served.includes(status)).length;
  const refused = responses.filter(({ status }) => status === 429).length;
  if (!fitsInto(windowMs, tookMs)) return 'nothing';
  return admitted > max ? 'broken' : admitted + refused === responses.length ? 'exact' : 'nothing';
}
