import type { RequestSample } from '../history/events.ts';
import type { History } from '../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/**
 * How many milliseconds of what lasted from one moment until another (milliseconds since the epoch) a party may have waited for a
 * processor: at most as many as all of them did. Where nobody told of a party, it is 0.
 */
export function starvation(history: History): (from: number, until: number) => number {
  const waits = history.all('starved').filter(({ ms }) => ms > 0);
  return (from, until) => {
    let waited = 0;
    for (const { since, at, ms } of waits) {
      // A wait is counted when it is over, and may have begun before the look before.
      const began = Math.min(since, at - ms);
      if (at > from && began < until) waited += Math.min(ms, Math.min(at, until) - Math.max(began, from));
    }
    return Math.min(waited, Math.max(0, until - from));
  };
}

/** How many milliseconds of each of these requests that was, on average; 0 where there are none. */
export function meanStarvation(history: History, requests: readonly RequestSample[]): number {
  if (requests.length === 0) return 0;
  return starvation(history)(firstSent(requests), lastAnswered(requests)) / requests.length;
}
