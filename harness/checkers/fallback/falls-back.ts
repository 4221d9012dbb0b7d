import type { PromisePath } from '../../contract/promise-path.ts';
import { fallbackOf } from '../../contract/schema/fallback.ts';
import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isOnPort, planned, withEvidence } from '../lib/checker.ts';
import { isMostlyDelayed, noiseOf, ownTime, whatIsLeft } from '../lib/noise.ts';
import { type Outcome, outcomeOf } from '../lib/outcome.ts';
import {
  arrivalsIn,
  type FallbackCall,
  fallbackCalls,
  orderOf,
  type PlannedCall,
  placeOf,
  serverOf,
} from './fallback-calls.ts';

/**
 * Checks that a call goes to the next upstream after the promised failures, in the promised order, and to no more
 * upstreams than needed. If all upstreams fail, or after a failure for which no fallback is allowed, the caller gets an
 * error.
 */
export const fallsBack: BuiltInChecker = {
  name: 'falls-back',
  restsOn: ['steady-state'],
  usually:
    'The fallback covers only some kinds of failures, such as statuses but not broken bodies or timeouts. Or the order is wrong, or the service invents an answer.',
  fix: 'Catch every failure of the first upstream in one place: connection, timeout, status, and an unusable body. Call the next upstream only then.',
  cases: (facts) =>
    planned(facts, 'fallback', 'no fallback')?.map((phase) => ({
      check: checkOf(facts, phase),
      promises: promisesOf(facts, phase),
    })),
  without: 'no endpoint has a fallback (endpoints.NAME.fallback)',
  judge: (history, facts) => fallbackCalls(history, facts).map((call) => judge(history, facts, call)),
};

function checkOf(facts: Facts, phase: PlannedCall): string {
  const { fault, failing, endpoint } = phase;
  const isAllowed = serverOf(facts, phase) !== undefined || failing.length === orderOf(facts, endpoint).length;
  return (isAllowed ? allowedCheck : forbiddenCheck)(`${fault}: ${failing.join(', ')}, ${endpoint}`);
}

const allowedCheck = (failure: string): string => `falls back after ${failure}`;
const forbiddenCheck = (failure: string): string => `does not fall back after ${failure}`;

/** Returns the promises about one call: the failures that are named, and the order if an upstream serves it. */
function promisesOf(facts: Facts, { action, endpoint }: PlannedCall): PromisePath[] {
  if (action === 'no fallback') return [placeOf(facts, endpoint, 'never')];
  const { on } = fallbackOf(facts.contract.endpoints[endpoint]?.fallback) ?? {};
  return [placeOf(facts, endpoint, 'order'), ...(on === undefined ? [] : [placeOf(facts, endpoint, 'on')])];
}

function judge(history: History, facts: Facts, fallback: FallbackCall): Finding {
  const { phase, endpoint, order, server } = fallback;
  const { served = [] } = facts.contract.endpoints[endpoint] ?? {};
  const [call] = history.sentIn(phase, { about: 'failing' });
  const arrived = arrivalsIn(history, phase, order);
  const called = [...new Set(arrived.map(({ upstream }) => upstream))];
  const judged = {
    check: checkOf(facts, phase),
    requests: tagsIn(phase),
    expected: server === undefined ? 'an error, and no call to another upstream' : `served by ${server}`,
  };
  if (!call) return { ...judged, observed: 'no call', verdict: 'INCONCLUSIVE' };
  const outcome = outcomeOf(call, served, history.metricIn('errors_in_streams', phase).length > 0);
  const verdict = isFelt(facts, fallback, arrived) ? verdictOf(fallback, called, outcome) : 'INCONCLUSIVE';
  const noise = noiseOf(history, facts);
  const isExcused = verdict === 'FAIL' && outcome.is !== 'served' && isMostlyDelayed(call, noise);
  const found: Finding = {
    ...judged,
    observed: `${answerOf(outcome)} after calls to ${called.join(', then ') || 'no upstream'}`,
    verdict: isExcused ? 'INCONCLUSIVE' : verdict,
  };
  const waited = called.at(-1);
  const isEndless = found.verdict === 'FAIL' && outcome.is === 'unanswered' && waited !== undefined;
  const usually = `The call of ${waited} has no timeout: the caller got no answer while it waited for ${waited}.`;
  return withEvidence(
    isEndless ? { ...found, usually } : found,
    isExcused ? whatIsLeft('the call: measured', call.ms, 0, call.ms - ownTime(call, noise)) : [],
  );
}

const answerOf = ({ is, text, status }: Outcome): string => (is === 'served' ? `${status}` : text);

/** Whether the faults acted on the call. A refused connection leaves no receipt. */
const isFelt = (facts: Facts, { failing, fault }: FallbackCall, arrived: readonly RequestReceipt[]): boolean =>
  failing.every((upstream) => {
    const reached = arrived.filter((receipt) => receipt.upstream === upstream);
    return isOnPort(fault, facts) ? reached.length === 0 : reached.some(({ faults }) => faults.length > 0);
  });

function verdictOf({ order, failing, server }: FallbackCall, called: readonly string[], { is }: Outcome): Verdict {
  if (is === 'unknown') return 'INCONCLUSIVE';
  const isExpected = (upstream: string) => failing.includes(upstream) || upstream === server;
  const promised = order.filter((upstream) => isExpected(upstream) && called.includes(upstream));
  if (called.join() !== promised.join()) return 'FAIL';
  if (server === undefined) return is === 'served' || is === 'unanswered' ? 'FAIL' : 'PASS';
  return is === 'served' && called.includes(server) ? 'PASS' : 'FAIL';
}
