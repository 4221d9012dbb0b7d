import { count } from '../../base/in-words.ts';
import type { PlannedAction } from '../../contract/phases.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, planned, tally } from '../lib/checker.ts';

/**
 * Checks the settings that turn off the verification of upstream certificates, for example for development. A call
 * reaches an upstream whose certificate can't be verified, and is served.
 */
export const unverifiedUpstreamsServed: BuiltInChecker = {
  name: 'unverified-upstreams-served',
  restsOn: ['steady-state'],
  usually:
    'The setting is not read, not passed to one of the clients, or not allowed with the other settings of the condition.',
  fix: 'Pass the setting to every client that calls an upstream. Refuse it in production: see `refusedStarts`.',
  cases: (facts) =>
    planned(facts, 'unverified')?.map((phase) => ({
      check: checkOf(phase),
      promises: [],
    })),
  without: 'no endpoint reaches an upstream over TLS',
  judge: (history, facts) =>
    history.phases('unverified').map((phase): Finding => {
      const { upstream } = phase;
      const calls = history.requestsIn(phase);
      const arrived = history.receiptsIn(phase, upstream).length;
      const allServed = calls.every((call) => isServed(facts, call));
      return {
        check: checkOf(phase),
        requests: tagsIn(phase),
        expected: 'a request arrives, and the call is served',
        observed: `${count(arrived, 'request')} arrived; ${tally(calls.map(answerOf))}`,
        verdict: allServed && calls.length > 0 && arrived > 0 ? 'PASS' : allServed ? 'INCONCLUSIVE' : 'FAIL',
      };
    }),
};

const checkOf = ({ upstream, certificate, endpoint }: PlannedAction<'unverified'>): string =>
  `serves without verification: ${upstream} ${certificate}, ${endpoint}`;
