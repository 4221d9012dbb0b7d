import type { Stall } from '../history/events.ts';
import type { History } from '../history/history.ts';

/** When the first request was sent, and when the last one was answered. */
export function loaded(history: History): [from: number, until: number] {
  const requests = history.requests({});
  return [Math.min(...requests.map(({ at }) => at)), Math.max(...requests.map(({ at, ms }) => at + ms))];
}

/**
 * Pauses of generator, lab and machine while requests were under way, the longest first. A generator that was stopped from
 * outside counts at any time: nothing but that stops it.
 */
export function stallsUnderLoad(history: History): Stall[] {
  const [from, until] = loaded(history);
  return history
    .all('stall')
    .filter(({ at, ms, of }) => of === 'generator process' || (at > from && at - ms < until))
    .sort((a, b) => b.ms - a.ms);
}
