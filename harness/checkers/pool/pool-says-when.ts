import { type Checker, poolOf } from '../lib/checker.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';

/** The longest acceptable Retry-After in seconds. */
const MOST_SECONDS = 60;

/**
 * A refusal without a free connection has a Retry-After. Nobody knows when a connection will be free, but 0 is too
 * early, and a wait of minutes loses the caller.
 */
export const poolSaysWhen: Checker = {
  name: 'pool-says-when',
  restsOn: ['pool-refuses-the-rest'],
  usually: 'The refusal has no Retry-After header.',
  judge(history, facts) {
    if (!poolOf(facts).retryAfter) return [];
    const judged = {
      check: 'refusals have a correct Retry-After',
      expected: `Retry-After of each refusal: 1 to ${MOST_SECONDS} s`,
    };
    const said = saidIn(history, { of: 'database' });
    return [judgeRetryAfter(judged, said, ({ value }) => (value >= 1 && value <= MOST_SECONDS ? 'PASS' : 'FAIL'))];
  },
};
