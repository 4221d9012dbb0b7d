import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/**
 * Returns how many milliseconds between two moments (since the epoch) a request may have waited for a processor: the waits of all
 * parties together, but between two looks never more than the time that has passed. A party that nobody watched counts as 0.
 */
export function starvation(history: History): (from: number, until: number) => number {
  const looks = [...Map.groupBy(history.all('starved'), ({ at }) => at)].map(([at, waits]) => ({
    at,
    waits: waits.filter(({ ms }) => ms > 0),
    // A wait is counted when it is over, and may have begun before the look before.
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

/** How many milliseconds of each of these requests that was, on average; 0 where there are none. */
export function meanStarvation(history: History, requests: readonly RequestSample[]): number {
  if (requests.length === 0) return 0;
  return starvation(history)(firstSent(requests), lastAnswered(requests)) / requests.length;
}
