import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import { type Checker, type Facts, isServed, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { after, DURING_CALLS, type Ending, inProgress, judgeEnd } from './ending.ts';

/** Minimum number of requests that must be in progress. */
const ENOUGH = 3;

/**
 * Checks that requests in progress at SIGTERM are served, or refused with 503 if the contract allows that. The script
 * delays an upstream, so that requests are in progress at any time. Those that ended before SIGTERM show that the
 * service serves them in spite of the delay.
 */
export const inFlightAtEnd: Checker = {
  name: 'in-flight-at-end',
  restsOn: ['steady-state', 'ends-when-told-to'],
  usually:
    'The process exits at once, closes connections that are in use, or closes its pool or its clients before the last request has ended.',
  judge(history, facts) {
    const { termination } = facts.contract;
    if (!termination) return [];
    const mayRefuse = termination.inFlight === 'refused-with-503';
    const judged = {
      check: 'requests in progress at SIGTERM',
      requests: [{ phase: DURING_CALLS, about: 'load' }],
      expected: mayRefuse ? 'each is served or gets 503' : 'each is served',
    };
    return judgeEnd(history, judged, (ending) => {
      const calls = inProgress(history, ending, 'load');
      const wrong = calls.filter((call) => !isServed(facts, call) && !(mayRefuse && call.status === 503));
      const observed = `${count(calls.length, 'request')}: ${tally(calls.map(({ status }) => status))}`;
      const why = whyUnproved(history, facts, ending);
      if (why !== undefined) return { observed, evidence: [why], verdict: 'INCONCLUSIVE' };
      const evidence = wrong.map((call) => `${howItEnded(call)} ${after(ending, answered(call))} after SIGTERM`);
      const verdict = wrong.length > 0 ? 'FAIL' : calls.length >= ENOUGH ? 'PASS' : 'INCONCLUSIVE';
      return { observed, evidence, verdict };
    });
  },
};

const howItEnded = ({ status, tags: { endpoint = '', error = 'no answer' } }: RequestSample): string =>
  `${endpoint}: ${status === 0 ? error : status}`;

/** Returns why a failure would not be the fault of the end, or undefined if it would. */
function whyUnproved(history: History, facts: Facts, { phase, began, at }: Ending): string | undefined {
  const delayed = history.all('fault').find((fault) => fault.at >= began)?.at ?? at;
  const before = history.requests({ phase, about: 'load' }).filter((call) => call.at > delayed && answered(call) <= at);
  if (before.length === 0) return 'no request with the same delay ended before SIGTERM';
  const failed = before.filter((call) => !isServed(facts, call));
  if (failed.length === 0) return undefined;
  return `with the same delay, but before SIGTERM: ${tally(before.map(({ status }) => status))}`;
}
