import { count } from '../../base/in-words.ts';
import type { Action } from '../../contract/phase.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, type Checker, type Facts, judgedBreakers } from '../lib/checker.ts';
import { unreachedAfter } from '../lib/open-after.ts';
import { ifPrimed } from '../lib/primed.ts';
import { isStream } from './failing-streams.ts';

/**
 * Checks that streams that fail after their first events count as failures for the upstream's breaker. As many of them
 * as open it fail one after another, and no call may reach the upstream afterwards. It does not matter how the caller
 * learns that the breaker is open, because a stream may have begun before.
 */
export const streamsCountForBreaker: Checker = {
  name: 'streams-count-for-breaker',
  restsOn: ['steady-state'],
  usually:
    'The breaker counts a success when the headers arrive, before the stream is read, or the failure is caught inside the call that it protects.',
  judge: (history, facts) =>
    history.phasesLike('streams of * fail by * for * in **').flatMap(({ name: phase, parts }) => {
      const [upstream = '', fault = '', name = '', endpoint = ''] = parts;
      const breaker = judgedBreakers(facts).find((one) => one.name === name);
      if (!breaker || !isStream(history, { upstream, endpoint })) return [];
      return [judge(history, facts, { phase, breaker, fault, endpoint })];
    }),
};

interface Failing {
  readonly phase: Action;
  readonly breaker: Breaker;
  readonly fault: string;
  readonly endpoint: string;
}

function judge(history: History, facts: Facts, { phase, breaker, fault, endpoint }: Failing): Finding {
  const { name, upstream, opening } = breaker;
  const reached = history.receiptsIn(phase, upstream);
  const met = reached.filter(({ faults }) => faults.length > 0);
  const calls = history.requests({ phase });
  const after = unreachedAfter(history, facts, { phase, breaker, calls, reached });
  const finding: Finding = {
    check: `counts streams that fail by ${fault}: ${name}, ${endpoint}`,
    requests: [{ phase }, { phase: `after ${phase}` }],
    expected: `after ${count(opening.failures, 'failed stream')}, no call reaches ${upstream}`,
    observed: `${count(met.length, 'stream')} failed, ${after.observed}`,
    verdict: met.length === opening.failures ? after.verdict : 'INCONCLUSIVE',
  };
  return ifPrimed(history, breaker, finding, { phase });
}
