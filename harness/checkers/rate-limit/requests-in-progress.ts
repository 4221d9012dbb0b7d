import { count } from '../../base/in-words.ts';
import { numberAt } from '../../contract/promise-path.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, planned, tally } from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { unlessTooFew } from '../lib/few-calls.ts';
import { answered, firstAnswered, lastSent } from '../lib/request-times.ts';

/** How long before the first answer all requests must have been sent, in milliseconds. */
const ARRIVED_MS = 100;

/**
 * Checks that a client may have exactly N requests in progress: if it sends more at once, the others are refused. It
 * may have N again after they have ended, and after others have failed. Another client may have as many at the same
 * time.
 *
 * The script delays an upstream, so that all requests of a burst are in progress at once.
 */
export const requestsInProgress: BuiltInChecker = {
  name: 'requests-in-progress',
  restsOn: ['endpoints-served'],
  usually:
    'The limit counts all clients together, checks and counts in two steps, or a slot is not released when a request fails.',
  fix: 'Count per client in one atomic step, and release the slot in a `finally`, also if the caller leaves.',
  cases: (facts) =>
    planned(facts, 'at once', 'at once again')?.flatMap(({ action, endpoint }) => {
      const own = (field: 'max' | 'refusal') => numberAt('requestsInProgress', endpoint, field);
      const exactly = { check: burstCheck(`${action}: ${endpoint}`), promises: [own('max'), own('refusal')] };
      return action === 'at once' ? [exactly] : [exactly, { check: otherCheck(endpoint), promises: [own('max')] }];
    }),
  without: 'no endpoint with a limit of requests in progress (requestsInProgress) reaches an HTTP upstream',
  judge: (history, facts) =>
    Object.entries(facts.numbers.requestsInProgress).flatMap(([endpoint, limit]) => {
      const [first, again] = [history.phases('at once', { endpoint }), history.phases('at once again', { endpoint })];
      if (first.length + again.length === 0) return [];
      return [
        ...eachEntry(first).map((phases) =>
          few(burst(history, facts, limit, phases, `at once: ${endpoint}`), facts, limit.max + 1),
        ),
        ...eachEntry(again).map((phases) =>
          few(burst(history, facts, limit, phases, `at once again: ${endpoint}`), facts, limit.max + 1),
        ),
        ...eachEntry(again).map((phases) =>
          few(otherClient(history, facts, limit, phases, endpoint), facts, 2 * limit.max),
        ),
      ];
    }),
};

const few = (finding: Finding, facts: Facts, needed: number): Finding =>
  unlessTooFew(finding, facts, needed, 'that many requests are in progress at once');

const WRONG_REFUSAL =
  'The limit holds, but it refuses with another status than the contract promises: map the refusal to the promised one.';

const burstCheck = (when: string): string => `allows exactly N requests in progress: ${when}`;
const otherCheck = (endpoint: string): string => `other clients unaffected by requests in progress: ${endpoint}`;

type Limit = Facts['numbers']['requestsInProgress'][string];

function burst(history: History, facts: Facts, { max, refusal }: Limit, phases: EntryOrNone, when: string): Finding {
  const tags = { about: 'burst' };
  const judged = {
    check: burstCheck(when),
    requests: tagsIn(phases, tags),
    expected: `${max} served, the others get ${refusal}`,
  };
  const requests = history.sentIn(phases, tags);
  const served = requests.filter((request) => isServed(facts, request));
  const other = requests.filter((request) => !isServed(facts, request) && request.status !== refusal);
  const observed = tally(requests.map(answerOf));
  if (lastSent(requests) > firstAnswered(served) - ARRIVED_MS) {
    return { ...judged, observed: `${observed}; but they were not in progress at once`, verdict: 'INCONCLUSIVE' };
  }
  if (served.length > max) return { ...judged, observed, verdict: 'FAIL' };
  const wrong = wrongRefusal(served, other, requests.length - max);
  if (served.length === max && wrong !== undefined) {
    const evidence = [`all ${count(other.length, 'request')} beyond the limit got ${wrong} instead of ${refusal}`];
    return { ...judged, observed, verdict: 'FAIL', evidence, usually: WRONG_REFUSAL };
  }
  if (other.length > 0 || requests.length <= max) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
  return { ...judged, observed, verdict: served.length === max ? 'PASS' : 'FAIL' };
}

/**
 * Returns the response with which all requests beyond the limit were refused, if none was refused as promised. A failure
 * of a request that was allowed comes later, with the others' answers.
 */
function wrongRefusal(served: readonly RequestSample[], other: readonly RequestSample[], beyond: number) {
  const ended = firstAnswered(served) - ARRIVED_MS;
  const [first] = other;
  const isEach = other.length === beyond && other.every((request) => answered(request) < ended);
  const isSame = first !== undefined && first.status !== 0 && other.every(({ status }) => status === first.status);
  return isEach && isSame ? answerOf(first) : undefined;
}

function otherClient(
  history: History,
  facts: Facts,
  { max, refusal }: Limit,
  phases: EntryOrNone,
  endpoint: string,
): Finding {
  const tags = { about: 'other client' };
  const judged = {
    check: otherCheck(endpoint),
    requests: tagsIn(phases, tags),
    expected: `${max} served while another client has used up its limit`,
  };
  const own = history.requestsIn(phases, { about: 'burst' });
  const others = history.requestsIn(phases, tags);
  const observed = tally(others.map(answerOf));
  const ends = firstAnswered(own.filter((request) => isServed(facts, request)));
  const during = others.filter(({ at }) => at < ends - ARRIVED_MS);
  const refused = during.filter((request) => !isServed(facts, request));
  // Otherwise, something else may have refused both clients, such as a breaker.
  const isUsedUp = own.some(({ status }) => status === refusal);
  if (!isUsedUp) return { ...judged, observed, verdict: 'INCONCLUSIVE' };
  if (refused.length > 0) return { ...judged, observed, verdict: 'FAIL' };
  return { ...judged, observed, verdict: during.length === max ? 'PASS' : 'INCONCLUSIVE' };
}
