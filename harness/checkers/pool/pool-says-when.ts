import { type Checker, poolOf } from '../lib/checker.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';

/** Seconds after which nobody should have to come back only then. */
const MOST_SECONDS = 60;

/**
 * A refusal for want of a connection says when to come back. When one is free nobody knows; but at once, with 0, is no time at
 * which more could be had, and who is sent away for minutes is lost.
 */
export const poolSaysWhen: Checker = {
  name: 'pool-says-when',
  restsOn: ['pool-refuses-the-rest'],
  usually: 'The refusal has no Retry-After header.',
  judge(history, facts) {
    if (!poolOf(facts).retryAfter) return [];
    const judged = {
      check: 'says when to come back',
      expected: `Retry-After of each refusal: 1 to ${MOST_SECONDS} s`,
    };
    const said = saidIn(history, { of: 'database' });
    return [judgeRetryAfter(judged, said, ({ value }) => (value >= 1 && value <= MOST_SECONDS ? 'PASS' : 'FAIL'))];
  },
};
