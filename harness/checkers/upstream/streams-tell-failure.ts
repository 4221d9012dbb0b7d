import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { History } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type Checker, type Facts, isServedWithout } from '../lib/checker.ts';
import { WAITING } from './failing-calls.ts';
import { type FailingStreams, failingStreams } from './failing-streams.ts';
import { outcomeOf } from './outcome.ts';

/**
 * Checks that a caller learns of a stream that failed, by a status, an event with an error, or an aborted response. An
 * answer that just ends is not enough, because few clients look for its last event.
 */
export const streamsTellFailure: Checker = {
  name: 'streams-tell-failure',
  restsOn: ['steady-state', 'streams-complete'],
  undecidedBy: ['streams-bounded'],
  usually:
    'The response is ended in a `finally`, an event with an error is skipped, or an upstream that ends without its last event is taken for a success.',
  judge: (history, facts) => failingStreams(history, facts).map((streams) => judge(history, facts, streams)),
};

function judge(history: History, facts: Facts, streams: FailingStreams): Finding {
  const { phase, upstream, fault, endpoint, failing, promise, why } = streams;
  const { served = [] } = facts.contract.endpoints[endpoint] ?? {};
  const mayBeServed = isServedWithout(facts, endpoint, upstream);
  const isSubstituted = mayBeServed && hasSubstitute(history, facts, streams);
  const isTold = history.metric('errors_in_streams', { phase }).length > 0;
  const isComplete = history.metric('complete_streams', { phase, about: 'failing' }).length > 0;
  const judged = failing.map((call): { text: string; verdict: Verdict } => {
    const { is, status, text } = outcomeOf(call, served, isTold);
    if (is === 'unknown' || (is === 'unanswered' && WAITING.includes(fault))) return { text, verdict: 'INCONCLUSIVE' };
    if (is !== 'served') return { text, verdict: is === 'unanswered' ? 'FAIL' : 'PASS' };
    const lacking = promise.end === undefined ? 'an error' : `${promise.end} or an error`;
    const alone = mayBeServed && !isSubstituted ? ', but no other upstream was called' : '';
    return {
      text: `the caller got ${status} and ${isComplete ? `a complete answer${alone}` : `an answer without ${lacking}`}`,
      verdict: isSubstituted && isComplete ? 'PASS' : 'FAIL',
    };
  });
  return {
    check: `stream tells of ${fault}: ${upstream}, ${endpoint}`,
    requests: [{ phase, about: 'failing' }],
    expected: `an error: a status, an event or an aborted response${mayBeServed ? ', or a complete answer' : ''}`,
    observed: judged.map(({ text }) => text).join(', ') || 'no call',
    verdict: why === undefined ? worst(judged.map(({ verdict }) => verdict)) : 'INCONCLUSIVE',
    ...(why !== undefined && { evidence: [why] }),
  };
}

/** Whether something else can have answered: if it must be a fallback, one of the next upstreams was called. */
function hasSubstitute(history: History, { contract }: Facts, { phase, upstream, endpoint }: FailingStreams): boolean {
  const { servedWithout = [], fallback } = contract.endpoints[endpoint] ?? {};
  const { order = [] } = fallbackOf(fallback) ?? {};
  if (servedWithout.includes(upstream)) return true;
  return order.slice(order.indexOf(upstream) + 1).some((next) => history.receiptsIn(phase, next).length > 0);
}
