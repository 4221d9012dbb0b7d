import type { Stall } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { firstSent, lastAnswered } from './request-times.ts';

/** Returns when the first request was sent and when the last response arrived. */
export function loaded(history: History): [from: number, until: number] {
  const requests = history.sent({});
  return [firstSent(requests), lastAnswered(requests)];
}

/**
 * Returns the generator, lab and machine pauses while requests were in flight, longest first.
 *
 * The generator's startup before its first request doesn't count. A stopped generator process always counts, because
 * something else must have stopped it.
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
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

/**
 * Returns a function that calculates how long the machine paused in all stalls that overlap a time, in milliseconds.
 */
export function machinePauses(history: History): (from: number, until: number) => number {
  const stalls = history.all('stall').filter(({ of }) => of === 'machine');
  return (from, until) =>
    stalls.filter(({ at, ms }) => at > from && at - ms < until).reduce((sum, { ms }) => sum + ms, 0);
}
