import { tagsIn } from '../../history/history.ts';
import type { Verdict } from '../../verdict/finding.ts';
import { breakerOf, type Checker } from '../lib/checker.ts';
import { judgeExcess, noiseOf, noiseOfNote } from '../lib/noise.ts';
import { openedAt } from '../lib/opened-at.ts';
import { judgeRetryAfter, type Said, saidIn } from '../lib/retry-after.ts';
import { EARLY_MS } from '../lib/tolerances.ts';

/**
 * Checks that an open breaker's Retry-After doesn't end before the recovery timeout, because the caller would be
 * rejected again, and isn't longer than a full recovery timeout. The breaker opens in the phase "opening" and rejects
 * calls in the phase "open".
 */
export const breakerSaysWhen: Checker = {
  name: 'breaker-says-when',
  timed: true,
  restsOn: ['breaker-opens'],
  usually: 'Retry-After is missing, in milliseconds, or the whole timeout instead of the remaining time.',
  judge(history, facts) {
    const { retryAfter, recoverySeconds } = breakerOf(facts);
    if (!retryAfter) return [];
    const phases = history.phases('open');
    const opened = openedAt(history, facts);
    const noise = noiseOfNote(noiseOf(history, facts), opened);
    const truth = ({ at, value }: Said): Verdict => {
      if (value > Math.ceil(recoverySeconds)) return 'FAIL';
      if (opened === Number.NEGATIVE_INFINITY) return 'INCONCLUSIVE';
      return judgeExcess(opened + recoverySeconds * 1_000 - (at + value * 1_000), EARLY_MS, noise);
    };
    const judged = {
      check: 'refusals have a correct Retry-After',
      requests: tagsIn(phases),
      expected: `Retry-After of each refusal: not before the trial, and at most ${Math.ceil(recoverySeconds)} s`,
    };
    return [judgeRetryAfter(judged, saidIn(history, {}, phases), truth)];
  },
};
