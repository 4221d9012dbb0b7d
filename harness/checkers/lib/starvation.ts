import { PARTIES, type Party, type RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/**
 * Returns a function that calculates how long a request may have waited for a processor between two times (in
 * milliseconds since the epoch). This is the sum of all parties' waits, but at most the time between the two. Parties
 * that weren't monitored, or are not in the given list, count as 0.
 */
export function starvation(
  history: History,
  parties: readonly Party[] = PARTIES,
): (from: number, until: number) => number {
  const starved = history.all('starved').filter(({ of }) => parties.includes(of));
  const looks = [...Map.groupBy(starved, ({ at }) => at)].map(([at, waits]) => ({
    at,
    waits: waits.filter(({ ms }) => ms > 0),
    // A wait is recorded when it ends, and may have begun before the previous sample.
    began: Math.min(...waits.map(({ since, ms }) => Math.min(since, at - ms))),
  }));
  return (from, until) => {
    let waited = 0;
    for (const { at, began, waits } of looks) {
      if (at <= from || began >= until) continue;
      const room = Math.min(at, until) - Math.max(began, from);
      const all = waits.reduce((sum, { ms }) => sum + ms, 0);
      waited += Math.min(all, room);
    }
    return Math.min(waited, Math.max(0, until - from));
  };
}

/** Returns how long these requests waited for a processor on average, in milliseconds, or 0 if there are none. */
export function meanStarvation(history: History, requests: readonly RequestSample[]): number {
  if (requests.length === 0) return 0;
  return starvation(history)(firstSent(requests), lastAnswered(requests)) / requests.length;
}
