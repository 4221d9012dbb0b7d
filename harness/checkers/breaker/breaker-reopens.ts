import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf } from '../lib/checker.ts';
import { noiseOf } from '../lib/noise.ts';
import { triedWhileOpen } from '../lib/opened-at.ts';
import { lastAnswered } from '../lib/request-times.ts';
import { TRIAL_LATE_MS } from '../lib/tolerances.ts';
import { judgeNextTrial, type NextTrialOptions } from './next-trial.ts';

const CHECK = 'reopens for a full timeout';

/**
 * Checks that a failed trial reopens the breaker for a full recovery timeout, after which it must allow another trial.
 * After the trial in the phase "half-open" has failed, the script keeps calling in the phase "reopened" until a call is
 * served.
 */
export const breakerReopens: BuiltInChecker = {
  name: 'breaker-reopens',
  timed: true,
  restsOn: ['breaker-opens', 'breaker-admits-one-trial'],
  usually:
    'After a failed trial, the breaker does not wait for the recovery timeout again, waits for longer, or first counts up to the threshold.',
  fix: 'After a failed trial, open immediately and for the whole recovery timeout, regardless of the threshold.',
  cases: (facts) => [{ check: CHECK, promises: [numberOf(breakerOf(facts), 'recoverySeconds')] }],
  judge(history, facts) {
    const breaker = breakerOf(facts);
    const [halfOpen, reopened] = [history.phases('half-open'), history.phases('reopened')];
    const judged: Pick<Finding, 'check' | 'requests' | 'expected'> = {
      check: CHECK,
      requests: tagsIn([...halfOpen, ...reopened]),
      expected: `the next trial ${breaker.recoverySeconds} s after a failed one`,
    };
    const [receipt] = history.receiptsIn(halfOpen, breaker.upstream);
    const callers = history.sentIn(halfOpen).filter(({ status }) => status !== breaker.refusal);
    const answeredAt = callers.length > 0 ? lastAnswered(callers) : receipt?.endedAt;
    if (!receipt || !answeredAt || triedWhileOpen(history, facts))
      return [{ ...judged, observed: 'there was no failed trial', verdict: 'INCONCLUSIVE' }];
    const trial = { what: 'the failed trial ended', receipt, answeredAt };
    const options: NextTrialOptions = { phases: reopened, lateMs: TRIAL_LATE_MS, noise: noiseOf(history, facts) };
    return [{ ...judged, ...judgeNextTrial(history, breaker, trial, options) }];
  },
};
