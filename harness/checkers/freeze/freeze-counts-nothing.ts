import { count } from '../../base/in-words.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Breaker, type BuiltInChecker, countedBreakers, type Facts, isServed, tally } from '../lib/checker.ts';
import { freezeIn, frozenCalls, heldIn, NO_FREEZE, whyNotFrozen } from './frozen-calls.ts';

const PROMISES: readonly PromisePath[] = [['frozen', 'seconds']];

/**
 * Checks that no breaker has opened after the service was stopped for a moment, although at least as many calls were in
 * progress as it takes failures to open. The upstream was healthy all the time: the log reports no opening, and the next
 * calls reach the upstream and are served.
 */
export const freezeCountsNothing: BuiltInChecker = {
  name: 'freeze-counts-nothing',
  restsOn: ['steady-state', 'frozen-calls-served'],
  usually:
    'After a pause, the breaker counts timeouts although the answers have arrived. So it opens, and rejects calls to a healthy upstream.',
  fix: 'Let the breaker count only failures that the client reports after it has read its sockets once more. Give the breaker itself no shorter timeout.',
  cases: (facts) =>
    heldIn(facts) && breakersIn(facts).map(({ name }) => ({ check: checkOf(name), promises: PROMISES })),
  without: `${NO_FREEZE}, or describes no breaker of an upstream that is called`,
  judge: (history, facts) =>
    breakersIn(facts).map((breaker): Finding => {
      const { name, upstream, opening } = breaker;
      const held = (heldIn(facts) ?? []).filter((call) => call.upstream === upstream);
      const seen = held.map((call) => frozenCalls(history, call));
      const after = seen.flatMap((calls) => calls.after);
      const calls = history.requestsIn(after);
      const reached = history.receiptsIn(after, upstream);
      const opened = history
        .all('transition')
        .filter(({ at, to, breaker: of }) => of === name && to === 'open' && at >= (freezeIn(history)?.at ?? 0));
      const judged = {
        check: checkOf(name),
        requests: tagsIn(after),
        expected: 'it does not open, and the next calls are served',
        observed: [
          ...opened.map(() => 'the log reports that it opened'),
          `next calls: ${tally(calls.map(answerOf))}, ${count(reached.length, 'request')} to ${upstream}`,
        ].join('; '),
      };
      const why = seen.map((calls) => whyNotFrozen(history, calls, facts)).find((reason) => reason !== undefined);
      if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [why] };
      if (opened.length > 0) return { ...judged, verdict: 'FAIL' };
      if (calls.some((call) => !isServed(facts, call)))
        return { ...judged, verdict: 'FAIL', ...otherCause(failedElsewhere(history, facts)) };
      // A fallback may hide an open breaker.
      const isSeen = calls.length > 0 && reached.length >= calls.length;
      const waiting = seen.reduce((sum, { waiting: { length } }) => sum + length, 0);
      if (isSeen && waiting >= opening.failures) return { ...judged, verdict: 'PASS' };
      const evidence = isSeen
        ? [`${count(waiting, 'call')} in progress can't open it: that takes ${opening.failures} failures`]
        : [`not all calls reached ${upstream}`];
      return { ...judged, verdict: isSeen ? 'INCONCLUSIVE' : 'FAIL', evidence };
    }),
};

/** Returns the requests after the freeze that were not served although they reach no upstream. */
function failedElsewhere(history: History, facts: Facts): RequestSample[] {
  const { until = 0 } = freezeIn(history) ?? {};
  const reachesNone = ({ tags: { endpoint = '' } }: RequestSample) =>
    facts.contract.endpoints[endpoint]?.reaches.length === 0;
  return history.requests({}).filter((sent) => sent.at >= until && reachesNone(sent) && !isServed(facts, sent));
}

/** Returns the cause if the service also refuses calls that no breaker can reject. */
const otherCause = (elsewhere: readonly RequestSample[]): Partial<Finding> =>
  elsewhere.length === 0
    ? {}
    : {
        usually:
          'After a pause, the service refuses everything, not only calls to the upstream: its protection against overload takes the time without a processor for a busy event loop or a long queue. Let it look at several measurements in a row.',
        evidence: [
          `no breaker decides about ${[...new Set(elsewhere.map(({ tags }) => tags.endpoint))].join(', ')}: ${tally(elsewhere.map(answerOf))} after the pause`,
        ],
      };

/** Returns the breakers of upstreams at which calls are in progress. */
const breakersIn = (facts: Facts): Breaker[] =>
  countedBreakers(facts).filter(({ upstream }) => heldIn(facts)?.some((held) => held.upstream === upstream));

const checkOf = (breaker: string): string => `counts nothing in a freeze: ${breaker}`;
