import { promisedCallsOf } from '../../contract/attempts.ts';
import type { Tags } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answerOf, type Breaker, breakerOf, type Checker, type Facts } from '../lib/checker.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { judgeRetryAfter, saidIn } from '../lib/retry-after.ts';

/** How many seconds before its refusal a breaker may have opened if that is not known. */
const OPENED_BEFORE = 5;
/** How many seconds less than the rest of the timeout a Retry-After may be, because it is in whole seconds. */
const ROUNDED = 1;

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
  const breaker = breakerOf({ ...facts, breaker: name });
  const { recoverySeconds, refusal } = breaker;
  const tags: Tags = { about: `recovery of ${name}` };
  if (history.sent(tags).length === 0) return [];
  const judged = {
    check: `stays open as specified: ${name}`,
    requests: [tags],
    expected: `Retry-After of ${recoverySeconds} s, less the time since it opened, without any settings`,
  };
  const other = history.requests(tags).find(({ status }) => status !== refusal);
  if (other) {
    return [{ ...judged, observed: `${answerOf(other)} after the failures: it is not open`, verdict: 'FAIL' }];
  }
  const opened = openedAt(history, breaker, promisedCallsOf(facts.contract, breaker.upstream).attempts);
  return [
    judgeRetryAfter(judged, saidIn(history, tags), ({ at, value }) => {
      const before = opened === undefined ? OPENED_BEFORE : secondsBetween(opened, at) + ROUNDED;
      return value > recoverySeconds - before && value <= Math.ceil(recoverySeconds) ? 'PASS' : 'FAIL';
    }),
  ];
}

/** Returns when the breaker can have opened at the earliest: calls that hang may count, too, and each attempt may. */
function openedAt(history: History, { endpoint, upstream, opening }: Breaker, attempts: number): number | undefined {
  const failed = [
    ...history.sent({ phase: 'opening', endpoint }),
    ...history.sent({ about: `hangs at ${upstream}` }),
  ].map(answered);
  return failed.sort((a, b) => a - b)[Math.ceil(opening.failures / attempts) - 1];
}
