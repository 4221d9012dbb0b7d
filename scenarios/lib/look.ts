import { pauseUntil } from './wait.ts';

/**
 * How long a used-up limit and an open breaker are watched, in seconds, unless they end earlier. The checkers
 * rate-limit-holds and specified-recovery need 12 s.
 */
export const WATCH_SECONDS = 13;
/** The share of a window, and of a recovery timeout, after which a call may come too late. */
const NEARLY_ALL = 0.9;

/** Returns how many seconds to watch something that lasts for the given number of seconds. */
export const watched = (seconds: number): number => Math.min(WATCH_SECONDS, seconds * NEARLY_ALL);

/**
 * Acts several times at equal intervals, until the time to watch something is over.
 *
 * @param began When it began, in milliseconds since the epoch.
 * @param seconds How long it lasts. If the machine is busy, an act may be late by half of the time that is not watched.
 */
export async function look(looks: number, began: number, seconds: number, act: () => Promise<unknown>): Promise<void> {
  const [from, until] = [Date.now(), began + watched(seconds) * 1_000];
  const latest = (until + began + seconds * 1_000) / 2;
  for (let turn = 1; turn <= looks; turn += 1) {
    await pauseUntil(from + ((until - from) * turn) / looks);
    if (Date.now() < latest) await act();
  }
}
