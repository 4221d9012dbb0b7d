import type { Stall } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/** Returns when the first request was sent and the last one answered. */
export function loaded(history: History): [from: number, until: number] {
  const requests = history.sent({});
  return [firstSent(requests), lastAnswered(requests)];
}

/**
 * Returns the pauses of generator, lab and machine while requests were in flight, longest first. The start of the
 * generator, before its first request, does not count. A generator process that was stopped counts at any time, since
 * only someone else can have stopped it.
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
