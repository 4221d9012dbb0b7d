import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { promiseOf } from '../lib/breaker-promises.ts';
import { type BuiltInChecker, breakerOf, type Facts, howManyReached, isServed, tally } from '../lib/checker.ts';
import { countedUntil } from '../lib/opened-at.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import {
  callsWhileOpen,
  otherEndpoints,
  rejectedEndpoints,
  statusesWhileOpen,
  tagsWhileOpen,
  whileOpen,
} from './other-endpoints.ts';

/**
 * Checks that a breaker protects its upstream from all endpoints: while it rejects the calls of its own endpoint, no
 * call of another endpoint reaches the upstream, and all get a status that the contract promises.
 *
 * The script calls the other endpoints one after another, so that each request to the upstream belongs to one call.
 */
export const breakerCoversEndpoints: BuiltInChecker = {
  name: 'breaker-covers-endpoints',
  restsOn: ['steady-state'],
  usually:
    'An endpoint bypasses the breaker: it calls the upstream with another client or function, or has its own breaker.',
  fix: 'Let all endpoints call the upstream through the same breaker object, and answer its rejection with the same error handler everywhere.',
  cases: (facts) => [
    ...otherEndpoints(facts).map((endpoint) => ({
      check: coversCheck(endpoint),
      promises: [['endpoints', endpoint, 'reaches']],
    })),
    ...rejectedEndpoints(facts).map((endpoint) => ({
      check: refusedCheck(endpoint),
      promises: [promiseOf(breakerOf(facts), 'refusal')],
    })),
  ],
  without: 'no endpoint but its own reaches its upstream (endpoints.NAME.reaches)',
  judge: (history, facts) => [
    ...otherEndpoints(facts).map((endpoint) => covers(history, facts, endpoint)),
    ...rejectedEndpoints(facts).map((endpoint) => refuses(history, facts, endpoint)),
  ],
};

const coversCheck = (endpoint: string): string => `goes through the breaker: ${endpoint}`;
const refusedCheck = (endpoint: string): string => `refused while open: ${endpoint}`;

function covers(history: History, facts: Facts, endpoint: string): Finding {
  const { upstream, endpoint: own } = breakerOf(facts);
  const calls = callsWhileOpen(history, facts, endpoint);
  const reached = reachedDuring(history, upstream, calls).length;
  const judged = {
    check: coversCheck(endpoint),
    requests: tagsWhileOpen(history, endpoint),
    expected: `no call reaches ${upstream} while calls of ${own} are refused`,
    observed: howManyReached(reached, calls.length),
  };
  const why = whyNotOpen(history, facts);
  if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [why] };
  if (reached > 0) {
    const text = `${endpoint} bypasses the breaker, or has its own: its calls reach ${upstream} while those of ${own} are refused`;
    return { ...judged, verdict: 'FAIL', evidence: [text] };
  }
  const isEnough = calls.length > 0 && calls.every(({ status }) => status !== 0);
  return { ...judged, verdict: isEnough ? 'PASS' : 'INCONCLUSIVE', evidence: countedUntil(history, facts) };
}

function refuses(history: History, facts: Facts, endpoint: string): Finding {
  const { upstream, refusal, ...breaker } = breakerOf(facts);
  const calls = callsWhileOpen(history, facts, endpoint);
  const statuses = statusesWhileOpen(facts, endpoint);
  const judged = {
    check: refusedCheck(endpoint),
    requests: tagsWhileOpen(history, endpoint),
    expected: `each call gets ${[...new Set(statuses)].join(' or ')}`,
    observed: tally(calls.map(answerOf)),
  };
  const why = whyNotOpen(history, facts);
  if (why !== undefined) return { ...judged, verdict: 'INCONCLUSIVE', evidence: [why] };
  // Other checks judge calls that are served, or that reach the upstream.
  const failed = calls.filter(
    (call) => !isServed(facts, call) && reachedDuring(history, upstream, [call]).length === 0,
  );
  const other = failed.find(({ status }) => status !== 0 && !statuses.includes(status));
  if (other) {
    const own = callsWhileOpen(history, facts, breaker.endpoint);
    const usually = own.every(({ status }) => status === other.status)
      ? `The open breaker refuses all calls with ${answerOf(other)} instead of ${refusal}, also those of ${breaker.endpoint}.`
      : `${endpoint} reports the open breaker with ${answerOf(other)}: it seems not to handle the rejection.`;
    return { ...judged, verdict: 'FAIL', usually };
  }
  const isEnough = failed.length > 0 && failed.length === calls.length && calls.every(({ status }) => status !== 0);
  return { ...judged, verdict: isEnough ? 'PASS' : 'INCONCLUSIVE' };
}

/**
 * Returns the reason why calls of other endpoints prove nothing, or undefined if all calls of the breaker's own
 * endpoint were rejected.
 */
function whyNotOpen(history: History, facts: Facts): string | undefined {
  const { endpoint } = breakerOf(facts);
  const own = callsWhileOpen(history, facts, endpoint);
  const served = own.filter((call) => isServed(facts, call)).length;
  if (own.length > 0 && served === 0) return undefined;
  return whileOpen(history).length === 0
    ? 'the script did not reach this part'
    : `${served} of ${count(own.length, 'call')} of ${endpoint} were served at that time, so the breaker was not open`;
}
