import type { LoggedTransition } from './transitions.ts';

/**
 * From a breaker's opening to its closing. The API was down for at least `shortestSeconds` (its last failed trial), and at
 * most for `longestSeconds` (the trial that succeeded). `threshold` and `recoverySeconds` were in force.
 */
export interface Outage {
  readonly openedAt: number;
  readonly threshold: number;
  readonly recoverySeconds: number;
  readonly failedTrials: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

interface Unfinished {
  readonly opening: LoggedTransition;
  failedTrials: number;
  lastFailureAt: number;
  onTrial: boolean;
}

/**
 * Finds one breaker's finished outages in its transitions, in the order of time. What has no end is left out: the service
 * was ended meanwhile, or it is still going on.
 */
export function findOutages(transitions: readonly LoggedTransition[]): Outage[] {
  const outages: Outage[] = [];
  let current: Unfinished | undefined;
  for (const transition of transitions.toSorted((a, b) => a.at - b.at)) {
    if (transition.to === 'half_open') {
      if (current) current.onTrial = true;
    } else if (transition.to === 'closed') {
      if (current?.onTrial) outages.push(finish(current, transition.at));
      current = undefined;
    } else if (current?.onTrial) {
      current.failedTrials += 1;
      current.lastFailureAt = transition.at;
      current.onTrial = false;
    } else {
      // Open after open, with no trial between them: another process began anew.
      current = { opening: transition, failedTrials: 0, lastFailureAt: transition.at, onTrial: false };
    }
  }
  return outages;
}

function finish({ opening, failedTrials, lastFailureAt }: Unfinished, closedAt: number): Outage {
  return {
    openedAt: opening.at,
    threshold: opening.failures,
    recoverySeconds: opening.recoverySeconds,
    failedTrials,
    shortestSeconds: (lastFailureAt - opening.at) / 1000,
    longestSeconds: (closedAt - opening.at) / 1000,
  };
}
