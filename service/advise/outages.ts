import type { LoggedTransition } from './transitions.ts';

/**
 * An outage, which lasts from the moment a breaker opens until it closes. The API was down for at least
 * `shortestSeconds` (until the last failed trial) and at most `longestSeconds` (until the successful trial).
 * `threshold` and `recoverySeconds` are the settings at that time.
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
 * Returns a breaker's finished outages, oldest first. Unfinished outages are omitted: either the service was stopped,
 * or the outage is still in progress.
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
      // If the breaker opens twice without a trial in between, the process was restarted.
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
