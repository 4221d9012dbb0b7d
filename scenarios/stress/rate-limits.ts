import type { Proof } from '../../harness/contract/proof.ts';
import { context, distinctClients, find, limitNames, shareCounter } from '../lib/context.ts';
import { widthOf } from '../lib/held-calls.ts';
import { keepEmpty, watchedMs } from '../lib/keep-empty.ts';
import { lab } from '../lib/lab.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { send } from '../lib/refusals.ts';
import { runOnce } from '../lib/run-once.ts';
import { call } from '../lib/service.ts';
import { atMost, pause, pauseUntil, times, together } from '../lib/wait.ts';
import { nextWindow } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

/**
 * The largest bursts come last. At first, the service still compiles its code, and a large burst could take so much of
 * its window that nothing is left to observe.
 */
const LIMITS = limitNames().sort((a, b) => find(context.limits, a).max - find(context.limits, b).max);

/**
 * Time between the starts of two clients, as a share of a window, so that their bursts don't compete for the machine.
 */
const APART = 0.4;

/** How long buckets are watched, in seconds. */
const WATCHED = context.limiter.window === 'token-bucket' ? Math.max(...LIMITS.map(watchedMs)) / 1_000 : 0;

export const proof: Proof = {
  about:
    'Uses up each limit in two windows. Exactly N requests are allowed in each, the rest get 429, and other ' +
    'clients, endpoints and upstreams are not affected.',
  judges: 'rate limits',
  clients: distinctClients(2 * LIMITS.length),
  seconds: 2 + WINDOW + turns(LIMITS.length, APART) + WATCHED,
  conditions: [],
  holds: [
    'rate-limit-admits-exactly',
    'rate-limit-refuses-until-window-ends',
    'rate-limit-bucket',
    'rate-limit-weighted',
    'rate-limit-retry-after',
    'rate-limit-refusals',
    'rate-limit-isolated',
    'rate-limit-spares-upstreams',
  ],
};

/** When the last burst comes if windows are weighted, in windows: in the middle of the second one. */
const MIDDLE = 1.5;

/** Number of requests in a burst beyond the limit, and number of concurrent requests in a burst. */
const [BEYOND, IN_FLIGHT] = [10, 8];
/** How many times as large a burst is at most, if nothing is refused. */
const MOST_TIMES = 6;

export const options = runOnce({ clients: proof.clients });

/** Two clients (VUs) for each limit: one that uses it up, and another that calls at the same time. */
export default async function (): Promise<void> {
  const index = Math.floor((__VU - 1) / 2);
  const limit = LIMITS[index] as string;
  await pause(index * APART * find(context.limits, limit).windowSeconds * 1_000);
  await (__VU % 2 === 1 ? useUp(limit) : comeBy(limit));
}

async function useUp(limit: string): Promise<void> {
  const { max, windowSeconds } = find(context.limits, limit);
  const windowMs = windowSeconds * 1_000;
  await nextWindow(windowMs, Date.now());
  const began = Date.now();
  await send(limit, 'first window');
  let endsBefore = Date.now() + windowMs;
  // If every request restarted the window, it would still be running when the first one has ended.
  await pauseUntil(began + windowMs * 0.3);
  await burst(limit, max + BEYOND - 1, began + windowMs * 0.8);
  // If it was slow, the burst may have started the next window at any time until now. In a sliding window and in a
  // bucket, each request counts.
  const eachCounts = context.limiter.window === 'token-bucket' || context.limiter.window === 'sliding';
  if (Date.now() >= began + windowMs || eachCounts) endsBefore = Date.now() + windowMs;
  await lab.signal(`${limit} is used up`);
  const others = othersOf(limit);
  await together(others.length, (index) => call(others[index] as string, { limit, step: 'other endpoint' }));
  const sharers = sharersOf(limit);
  await together(sharers.length, (index) => call(sharers[index] as string, { limit, step: 'sharing endpoint' }));
  if (context.limiter.window === 'token-bucket') {
    await keepEmpty(limit, watchedMs(limit), sendOver);
    endsBefore = Date.now() + windowMs;
  }
  while (Date.now() < began + windowMs * 0.97) {
    // A request that is allowed now came after the window and started the next one.
    if (await sendOver(limit)) endsBefore = Date.now() + windowMs;
    await pauseUntil(Math.min(Date.now() + windowMs * 0.04, began + windowMs * 0.97));
  }
  if (context.limiter.window === 'weighted') await pauseUntil((Math.floor(began / windowMs) + MIDDLE) * windowMs);
  else await nextWindow(windowMs, endsBefore);
  await atMost(widthOf(limit, IN_FLIGHT), max + BEYOND, () => send(limit, 'second window'));
}

/**
 * Sends a burst. If its last requests are not refused, sends more of them until a time, or until no limit that is a few
 * times as large would allow them: each of several processes may count.
 */
async function burst(limit: string, n: number, until: number): Promise<void> {
  const width = widthOf(limit, IN_FLIGHT);
  let allowed = await atMost(width, n, () => send(limit, 'first window'));
  for (let sent = n; allowed.slice(-width).includes(true) && sent < MOST_TIMES * n && Date.now() < until; sent += n) {
    allowed = await atMost(width, n, () => send(limit, 'first window'));
  }
}

/** Sends a request that comes when a limit is used up. Returns whether it was allowed. */
const sendOver = (limit: string): Promise<boolean> => send(limit, 'over', { query: 'n=${unique}' });

async function comeBy(limit: string): Promise<void> {
  const { windowSeconds } = find(context.limits, limit);
  await lab.awaitSignal(`${limit} is used up`, windowSeconds * 2_000);
  await times(3, () => call(limit, { limit, step: 'other client' }));
}

/** Returns the endpoints whose limits don't count the same requests, and don't count those of all clients together. */
const othersOf = (limit: string): string[] =>
  LIMITS.filter(
    (other) => other !== limit && !shareCounter(limit, other) && find(context.limits, other).clients === 'apart',
  );

/** Returns the endpoints whose limits count the same requests, so that they are used up as well. */
function sharersOf(limit: string): string[] {
  const { max, windowSeconds } = find(context.limits, limit);
  const isUsedUp = (other: string) =>
    find(context.limits, other).max <= max && find(context.limits, other).windowSeconds >= windowSeconds;
  return LIMITS.filter((other) => other !== limit && shareCounter(limit, other) && isUsedUp(other));
}
