import type { PhaseTag } from '../../contract/phases.ts';
import { type BuiltInChecker, poolOf } from '../lib/checker.ts';
import { FEWER_CONNECTIONS, unlessTooFew } from '../lib/few-calls.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';
import { callsToRefuse, WHY_REFUSED } from './pool-refuses-the-rest.ts';

/** Maximum acceptable Retry-After, in seconds. */
const MOST_SECONDS = 60;

/**
 * Checks that rejections for lack of a connection have a Retry-After. It is impossible to know when a connection will
 * be free, but 0 is too early, and callers won't wait for minutes.
 */
export const poolSaysWhen: BuiltInChecker = {
  name: 'pool-says-when',
  restsOn: ['pool-refuses-the-rest'],
  usually: 'The response has no Retry-After header.',
  fix: 'Add Retry-After to this response, such as the acquire timeout in seconds.',
  cases: (facts) => (poolOf(facts).retryAfter ? [{ check: CHECK, promises: [['pool', 'retryAfter']] }] : []),
  without: 'pool.retryAfter is false',
  judge(history, facts) {
    if (!poolOf(facts).retryAfter) return [];
    const said = saidIn(history, { of: 'database' });
    const judged = {
      check: CHECK,
      requests: [...new Set(said.map(({ tags }) => tags.phase as PhaseTag))].map((phase) => ({ phase })),
      expected: `Retry-After of each refusal: 1 to ${MOST_SECONDS} s`,
    };
    const finding = judgeRetryAfter(judged, said, ({ value }) =>
      value >= 1 && value <= MOST_SECONDS ? 'PASS' : 'FAIL',
    );
    return [
      said.length > 0 ? finding : unlessTooFew(finding, facts, callsToRefuse(facts), WHY_REFUSED, FEWER_CONNECTIONS),
    ];
  },
};

const CHECK = 'refusals have a correct Retry-After';
