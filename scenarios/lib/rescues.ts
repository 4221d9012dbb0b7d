import type { PlannedAction } from '../../harness/contract/phases.ts';
import { breakCalls } from './break-calls.ts';
import { context, describedBreakers, find, type Path } from './context.ts';
import { type FailingCall, longEnough, SOON_MS } from './failing-call.ts';
import { isWaiting } from './failures.ts';
import { lab } from './lab.ts';
import { noteComplete, noteError } from './note-streams.ts';
import { dilute } from './prime.ts';
import { call } from './service.ts';
import { pause } from './wait.ts';

/** A call whose first attempts fail. The next one must rescue it. */
export interface Rescue extends FailingCall {
  readonly failures: number;
  /** Number of seconds after which the caller leaves. */
  readonly seconds: number;
}

/** Timeouts that take longer together are not waited for, in seconds. */
const LONGEST_TIMEOUTS = 10;

/**
 * Returns the calls that another attempt must rescue, one for each kind of failure that is repeated and each number of
 * failures that leaves an attempt.
 *
 * @param timeoutSeconds The longest time of an attempt that times out, or +∞ if it is not known
 */
export function rescuesFor(path: Path, timeoutSeconds: number): Rescue[] {
  const { rescuedFailures, calls } = find(context.upstreams, path.upstream);
  const { attempts, budgetSeconds = 5 * attempts } = calls;
  const counts = Array.from({ length: attempts - 1 }, (_, index) => index + 1).filter((failures) =>
    isBorne(path, failures),
  );
  return Object.entries(rescuedFailures).flatMap(([name, fault]) =>
    counts.flatMap((failures): Rescue[] => {
      const waiting = isWaiting(fault) ? failures * timeoutSeconds : 0;
      if (waiting > LONGEST_TIMEOUTS && waiting !== Number.POSITIVE_INFINITY) return [];
      const seconds = longEnough(isWaiting(fault) ? Math.min(waiting, LONGEST_TIMEOUTS) : budgetSeconds);
      return [{ ...path, name, fault, failures, seconds }];
    }),
  );
}

/** Whether no breaker that counts attempts opens after this number of failures. */
const isBorne = ({ upstream }: Path, failures: number): boolean =>
  describedBreakers()
    .filter((breaker) => breaker.upstream === upstream && breaker.counts !== 'calls')
    .every(({ opening }) => failures < Math.min(opening.failures, opening.alone ?? opening.failures));

/** Returns the phase that `callWithRescue` begins, for the plan of a scenario. */
export const rescuePhaseOf = ({ endpoint, upstream, name, failures }: Rescue): PlannedAction<'rescued'> => ({
  action: 'rescued',
  upstream,
  fault: name,
  failures,
  endpoint,
});

/** Makes one call whose first attempts fail, and waits for attempts that are made in the background. */
export async function callWithRescue(rescue: Rescue): Promise<void> {
  const { endpoint, upstream, fault, failures, seconds } = rescue;
  await dilute(upstream, endpoint);
  const phase = await lab.phase(rescuePhaseOf(rescue));
  await breakCalls(upstream, fault, failures);
  const answer = await call(endpoint, { phase, about: 'rescued' }, { seconds });
  noteError(endpoint, answer, { phase });
  noteComplete(endpoint, answer, { phase, about: 'rescued' });
  await pause(SOON_MS);
  await lab.heal(upstream);
}
