import { context, find } from './context.ts';
import { pauseUntil, together } from './wait.ts';

/** How long a bucket is kept empty: a share of the time in which it is refilled, and at least this long. */
const [SHARE, LEAST_MS] = [0.67, 5_000];
/** The largest number of tokens that may come back meanwhile, if it is not kept empty for this long anyway. */
const [MOST_TOKENS, SHORT_MS] = [1_000, 1_000];
/** The number of turns, and the least time between two of them, in milliseconds. */
const [TURNS, EVERY_MS] = [250, 20];
/** How many more requests than tokens are sent. */
const MORE = 1.5;

/** Returns for how long to keep the bucket of a limit empty, so that its rate is seen. In milliseconds. */
export function watchedMs(limit: string): number {
  const { max, windowSeconds } = find(context.limits, limit);
  const perMs = max / (windowSeconds * 1_000);
  return Math.min(Math.max(SHARE * windowSeconds * 1_000, LEAST_MS), Math.max(MOST_TOKENS / perMs, SHORT_MS));
}

/**
 * Keeps the bucket of a limit empty for a time in milliseconds, so that each token is taken as soon as it comes back.
 *
 * @param send Sends a request. Returns whether it was allowed.
 */
export async function keepEmpty(
  limit: string,
  ms: number,
  send: (limit: string, turn: number) => Promise<boolean>,
): Promise<void> {
  const { max, windowSeconds } = find(context.limits, limit);
  const everyMs = Math.max(EVERY_MS, ms / TURNS);
  const width = Math.ceil((MORE * everyMs * max) / (windowSeconds * 1_000));
  const ends = Date.now() + ms;
  for (let turn = 0; Date.now() < ends; turn += width) {
    const next = Date.now() + everyMs;
    const allowed = await together(width, (index) => send(limit, turn + index));
    // There may be more tokens if all of these were allowed.
    if (!allowed.every(Boolean)) await pauseUntil(Math.min(next, ends));
  }
}
