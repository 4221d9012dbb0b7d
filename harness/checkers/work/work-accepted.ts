import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, tally } from '../lib/checker.ts';
import { casesOf, NO_WORK, nameOf, type PromisedWork, promisedWork, workSeen } from './accepted-work.ts';

/** Checks that an endpoint accepts work with one of the promised statuses while an upstream fails. */
export const workAccepted: BuiltInChecker = {
  name: 'work-accepted',
  restsOn: ['steady-state'],
  usually:
    'The work is stored only after the upstream has been called, so a failure loses it. Or the service reports the failure with a different status.',
  fix: 'Store the work in a database or a durable queue before the upstream is called, and answer with the promised status if the call fails.',
  cases: (facts) => casesOf(facts, checkOf, () => ['accepted']),
  without: NO_WORK,
  judge: (history, facts) =>
    promisedWork(facts).map((work): Finding => {
      const { accepted, upstream } = work;
      const { phases, calls, failed } = workSeen(history, work);
      const isAccepted = calls.every(({ status }) => accepted.includes(status));
      const isSeen = calls.length > 0 && failed.length > 0;
      return {
        check: checkOf(work),
        requests: tagsIn(phases),
        expected: accepted.join(' or '),
        observed: tally(calls.map(answerOf)),
        verdict: !isSeen ? 'INCONCLUSIVE' : isAccepted ? 'PASS' : 'FAIL',
        ...(calls.length > 0 && !isSeen && { evidence: [`no request met the failure of ${upstream}`] }),
      };
    }),
};

const checkOf = (work: PromisedWork): string => `accepts work: ${nameOf(work)}`;
