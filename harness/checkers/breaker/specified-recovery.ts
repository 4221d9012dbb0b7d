import type { Tags } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answerOf, breakerOf, type Checker, type Facts } from '../lib/checker.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';

/** How many seconds a Retry-After may be below the recovery timeout, because the breaker opened a while before. */
const OPENED_BEFORE = 5;

/**
 * Checks that a breaker of a service that was started without settings opens after the promised failures, and stays
 * open for the promised time: the Retry-After of its first refusal tells how long. The script makes the call after the
 * failures with the tag `about: recovery of NAME`.
 */
export const specifiedRecovery: Checker = {
  name: 'specified-recovery',
  usually:
    'Only the environment of other profiles sets the promised threshold or recovery timeout. The default of the service is another one.',
  judge: (history, facts) => Object.keys(facts.numbers.breakers).flatMap((name) => judge(history, facts, name)),
};

function judge(history: History, facts: Facts, name: string): Finding[] {
  const { recoverySeconds, refusal } = breakerOf({ ...facts, breaker: name });
  const tags: Tags = { about: `recovery of ${name}` };
  if (history.sent(tags).length === 0) return [];
  const judged = {
    check: `stays open as specified: ${name}`,
    requests: [tags],
    expected: `Retry-After of ${recoverySeconds} s, or up to ${OPENED_BEFORE} s less, without any settings`,
  };
  const other = history.requests(tags).find(({ status }) => status !== refusal);
  if (other) {
    return [{ ...judged, observed: `${answerOf(other)} after the failures: it is not open`, verdict: 'FAIL' }];
  }
  return [
    judgeRetryAfter(judged, saidIn(history, tags), ({ value }) =>
      value > recoverySeconds - OPENED_BEFORE && value <= Math.ceil(recoverySeconds) ? 'PASS' : 'FAIL',
    ),
  ];
}
