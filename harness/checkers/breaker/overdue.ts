import type { RequestSample } from '../../history/events.ts';
import { answered } from '../lib/request-times.ts';

/** Number of refusals in a row after which a busy machine is no excuse. */
const TURNS = 10;

/**
 * Whether a breaker refused calls for so long after a trial was due that a busy machine can't be the reason: many calls
 * were sent, each after the response to the previous one. A service that answers them all has had time for its timer.
 *
 * @param due When a trial was due, with tolerances, in milliseconds since the epoch.
 */
export function isOverdue(refused: readonly RequestSample[], due: number): boolean {
  let turns = 0;
  let from = due;
  for (const call of refused.toSorted((a, b) => a.at - b.at)) {
    if (call.at < from) continue;
    turns += 1;
    from = answered(call);
  }
  return turns >= TURNS;
}
