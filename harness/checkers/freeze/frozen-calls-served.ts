import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, isServed, tally } from '../lib/checker.ts';
import { frozenCalls, heldIn, NO_FREEZE, whyNotFrozen } from './frozen-calls.ts';

/**
 * Checks that calls are served after all processes of the service were stopped for the promised time. Their upstreams
 * answered in the meantime, so that the answers were waiting when the service continued. A service that looks at its
 * timers before its sockets takes each of them for a timeout.
 */
export const frozenCallsServed: BuiltInChecker = {
  name: 'frozen-calls-served',
  restsOn: ['steady-state'],
  usually:
    'After a pause, the timeouts of calls fire before the service reads the answers that have arrived. So a busy machine looks like a failed upstream.',
  fix: 'If a timer fires later than planned, read the sockets before you cancel the call (in Node: setImmediate, then a short second timer).',
  cases: (facts) => heldIn(facts)?.map((held) => ({ check: checkOf(held), promises: [['frozen', 'seconds']] })),
  without: NO_FREEZE,
  judge: (history, facts) =>
    (heldIn(facts) ?? []).map((held): Finding => {
      const seen = frozenCalls(history, held);
      const judged = {
        check: checkOf(held),
        requests: tagsIn(seen.phases),
        expected: 'each call is served',
        observed: tally(seen.calls.map(answerOf)),
      };
      const why = whyNotFrozen(history, seen, facts);
      if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [why] };
      const failed = seen.calls.filter((call) => !isServed(facts, call));
      return { ...judged, verdict: failed.length === 0 ? 'PASS' : 'FAIL' };
    }),
};

const checkOf = ({ endpoint, upstream }: { endpoint: string; upstream: string }): string =>
  `served after a freeze: ${endpoint} at ${upstream}`;
