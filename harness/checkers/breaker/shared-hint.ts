import { count } from '../../base/in-words.ts';
import type { History } from '../../history/history.ts';
import { breakerOf, type Facts, otherBreakers } from '../lib/checker.ts';
import { afterOpening } from '../lib/opened-at.ts';

/** How many consecutive failures a breaker took to open, and the calls from then on, which are empty if it didn't. */
interface Opened {
  readonly failures: number;
  readonly later: readonly unknown[];
}

/**
 * Explains that a breaker with the wrong threshold is also the breaker of another upstream, if it is. If it opened, no
 * call to the other upstream reaches it while it is open. If it never opened, successes of the other upstream may be
 * the reason.
 */
export function sharedHint(history: History, facts: Facts, { failures, later }: Opened): string[] {
  const { upstream, opening } = breakerOf(facts);
  return otherBreakers(facts).flatMap(([name, { upstream: otherUpstream, endpoint }]) => {
    if (otherUpstream === upstream) return [];
    if (later.length === 0) {
      if (history.receiptsIn(afterOpening(history), otherUpstream).length === 0) return [];
      return [
        `its failing calls also reached ${otherUpstream}: if ${name} is the same breaker, its successes reset the count`,
      ];
    }
    const open = history.phases('open');
    const calls = history.requestsIn(open, { about: name }).length;
    if (failures === opening.failures || calls === 0 || history.receiptsIn(open, otherUpstream).length > 0) return [];
    return [
      `it shares a breaker with ${name}: while it was open, none of ${count(calls, 'call')} to ${endpoint} reached ` +
        `${otherUpstream}. Results of ${otherUpstream} count as well, so it opened after ${count(failures, 'failure')} in a row instead of ` +
        `${opening.failures}`,
    ];
  });
}
