import type { LoggedTransition } from './transitions.ts';

/**
 * An outage: the time from the opening of a breaker to its closing. The API was down for at least `shortestSeconds`
 * (until the last failed trial) and at most `longestSeconds` (until the successful trial). `threshold` and
 * `recoverySeconds` are the settings at the time.
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
 * Returns the finished outages of one breaker, oldest first. Outages without an end are left out: the service was
 * stopped, or the outage still lasts.
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
      // Two openings without a trial between them: the process was restarted.
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
