import type { Stall } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/** When the first request was sent, and when the last one was answered. */
export function loaded(history: History): [from: number, until: number] {
  const requests = history.sent({});
  return [firstSent(requests), lastAnswered(requests)];
}

/**
 * Pauses of generator, lab and machine, each for as long as requests were under way, the longest first: the generator's start,
 * which ends with the first request, is none. A generator that was stopped from outside counts at any time: nothing but that
 * stops it.
 */
export function stallsUnderLoad(history: History): Stall[] {
  const [from, until] = loaded(history);
  const clipped = (stall: Stall): Stall => {
    const [begins, ends] = [Math.max(stall.at - stall.ms, from), Math.min(stall.at, until)];
    return { ...stall, at: ends, ms: ends - begins };
  };
  return history
    .all('stall')
    .map((stall) => (stall.of === 'generator process' ? stall : clipped(stall)))
    .filter(({ of, ms }) => of === 'generator process' || ms > 0)
    .sort((a, b) => b.ms - a.ms);
}
