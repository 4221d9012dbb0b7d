import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, type Verdict, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServedWithout } from '../lib/checker.ts';
import { outcomeOf } from '../lib/outcome.ts';
import { type FailingPhase, isReportedIn, isWaiting, whyNotFelt } from './failing-calls.ts';
import { type FailingStreams, failingStreams, ifStreamed, NO_STREAMS, plannedStreams } from './failing-streams.ts';
import { judgeRelayed } from './relayed.ts';
import { isPieced, substitutesOf } from './substitutes.ts';

/**
 * Checks that a caller can recognize a failed stream by a status, an event with an error, or an aborted response. A
 * response that just ends is not enough, because few clients look for its last event. An endpoint that passes on the
 * answers of the upstream (`relays`) passes on its stream byte by byte instead, and breaks off only if that breaks off.
 */
export const streamsTellFailure: BuiltInChecker = {
  name: 'streams-tell-failure',
  restsOn: ['steady-state', 'streams-complete'],
  undecidedBy: ['streams-bounded'],
  usually:
    'The service ends the response in a `finally`, skips an event with an error, treats a stream without its last event as a success, or appends the answer of another upstream.',
  fix: 'When the upstream fails, send an event with an error or destroy the connection. Do not end the response normally, and treat a stream without its last event as a failure.',
  cases: (facts) =>
    plannedStreams(facts)?.map((phase) => ({
      check: checkOf(phase),
      promises: [['endpoints', phase.endpoint, 'stream']],
    })),
  without: NO_STREAMS,
  judge(history, facts) {
    const all = failingStreams(history, facts);
    return all.map((streams) => judge(history, facts, streams, isPieced(history, facts, streams, all)));
  },
};

/** The causes if no other upstream was called, by whether the caller got the last event. */
const HIDDEN =
  'The service hides the failure: it skips an event with an error, or writes the last event itself after any end, for example in a `finally`.';
const ENDED =
  "The service ends the response like a complete one when the upstream's stream breaks off: it closes the response in a `finally`, or does not notice that the last event is missing.";

const checkOf = ({ fault, upstream, endpoint }: FailingPhase): string =>
  `stream reports ${fault}: ${upstream}, ${endpoint}`;

function judge(history: History, facts: Facts, streams: FailingStreams, pieced: boolean | 'maybe'): Finding {
  const { phase, upstream, fault, endpoint, failing, promise } = streams;
  const why = whyNotFelt(streams);
  const { served = [] } = facts.contract.endpoints[endpoint] ?? {};
  const mayBeServed = isServedWithout(facts, endpoint, upstream, fault);
  const relayed = why === undefined ? judgeRelayed(history, facts, streams) : undefined;
  if (relayed) {
    return ifStreamed(history, streams, {
      check: checkOf(phase),
      requests: tagsIn(phase, { about: 'failing' }),
      ...relayed,
    });
  }
  const isSubstituted = mayBeServed && hasSubstitute(history, facts, streams);
  const isReported = isReportedIn(history, phase);
  const isComplete = history.metricIn('complete_streams', phase, { about: 'failing' }).length > 0;
  const judged = failing.map((call): { text: string; verdict: Verdict } => {
    const { is, status, text } = outcomeOf(call, served, isReported);
    const isUndecided = is === 'unknown' || (is === 'unanswered' && isWaiting(fault, facts.faults));
    if (isUndecided) return { text, verdict: 'INCONCLUSIVE' };
    if (is !== 'served') return { text, verdict: is === 'unanswered' ? 'FAIL' : 'PASS' };
    const lacking = promise.end === undefined ? 'an error' : `${promise.end} or an error`;
    const alone = mayBeServed && !isSubstituted ? ', but no other upstream was called' : '';
    const begun = isSubstituted && pieced ? ', which had begun before another upstream was called' : '';
    return {
      text: `the caller got ${status} and ${isComplete ? `a complete answer${alone}${begun}` : `an answer without ${lacking}`}`,
      verdict: !isSubstituted || !isComplete ? 'FAIL' : pieced === 'maybe' ? 'INCONCLUSIVE' : pieced ? 'FAIL' : 'PASS',
    };
  });
  const verdict = why === undefined ? worst(judged.map((call) => call.verdict)) : 'INCONCLUSIVE';
  const isServed = failing.some((call) => outcomeOf(call, served, isReported).is === 'served');
  return ifStreamed(history, streams, {
    check: checkOf(phase),
    requests: tagsIn(phase, { about: 'failing' }),
    expected: `an error: a status, an event or an aborted response${mayBeServed ? ', or a complete answer' : ''}`,
    observed: judged.map(({ text }) => text).join(', ') || 'no call',
    verdict,
    ...(verdict === 'FAIL' && isServed && !isSubstituted && { usually: isComplete ? HIDDEN : ENDED }),
    ...(why !== undefined && { evidence: [why] }),
  });
}

/** Whether something else can have answered: if it must be a fallback, one of the next upstreams was called. */
function hasSubstitute(history: History, facts: Facts, streams: FailingStreams): boolean {
  const { servedWithout = [] } = facts.contract.endpoints[streams.endpoint] ?? {};
  return servedWithout.includes(streams.upstream) || substitutesOf(history, facts, streams).length > 0;
}
