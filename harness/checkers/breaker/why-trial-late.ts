import { count } from '../../base/in-words.ts';
import type { History } from '../../history/history.ts';
import type { Breaker } from '../lib/checker.ts';
import { secondsBetween } from '../lib/request-times.ts';

/** The share of the recovery timeout without calls after which a trial shows that the refusals before it prolonged it. */
const QUIET = 0.9;

/**
 * Returns why a breaker allowed no trial in time: it never does, its recovery timeout is longer, or each refused call
 * starts the timeout again. The script pauses before its last call, so that only the last one of these gets a trial then.
 *
 * @param opened When it opened, in milliseconds since the epoch.
 */
export function whyTrialLate(
  history: History,
  { name, upstream, endpoint, refusal, recoverySeconds }: Breaker,
  opened: number,
): string {
  const timeout = recoverySeconds * 1_000;
  const trial = history.receipts('request', upstream).find(({ at }) => at > opened + timeout);
  const refused = history
    .requests({ endpoint })
    .filter(({ at, status }) => status === refusal && at > opened && at < (trial?.at ?? Number.POSITIVE_INFINITY));
  const last = refused.at(-1);
  if (trial === undefined) {
    const seconds = secondsBetween(opened, last?.at ?? opened).toFixed(1);
    return (
      `It never becomes half-open: none of ${count(refused.length, 'call')} in ${seconds} s reached ${upstream}, and ` +
      `recoverySeconds is ${recoverySeconds}. Does it compare times of two clocks or units, wait for a timer that is ` +
      'never set, or let a trial end that never began?'
    );
  }
  const after = secondsBetween(opened, trial.at).toFixed(1);
  // It may have handled the last refused call at once, and answered late.
  const quiet = last === undefined ? 0 : trial.at - last.at;
  const hasPaused = refused.some(({ at }, index) => at - (refused[index - 1]?.at ?? opened) >= timeout);
  if (quiet >= timeout * QUIET && !hasPaused) {
    return (
      `Each refused call starts the recovery timeout again: the first call that reached ${upstream} came ` +
      `${after} s after the breaker opened, and ${(quiet / 1_000).toFixed(1)} s after the last refused one. Only a failure ` +
      'may start it.'
    );
  }
  return (
    `It makes the trial too late: the first call reached ${upstream} ${after} s after it opened, and recoverySeconds is ` +
    `${recoverySeconds}: shorten the service's recovery timeout in the profile's environment, or write the longer one in ` +
    `the profile: breakers.${name}.recoverySeconds.`
  );
}
