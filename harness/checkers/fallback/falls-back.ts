import type { RequestReceipt } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { isMostlyDelayed, noiseOf } from '../lib/noise.ts';
import { type Outcome, outcomeOf } from '../upstream/outcome.ts';
import { arrivalsIn, type FallbackCall, fallbackCalls } from './fallback-calls.ts';

/**
 * Checks that a call moves on to the next upstream after the promised failures, in the promised order and no further
 * than needed. If all upstreams fail, or after a failure for which no fallback is allowed, the caller gets an error.
 */
export const fallsBack: Checker = {
  name: 'falls-back',
  restsOn: ['steady-state'],
  usually:
    'The fallback covers only some kinds of failures, such as statuses but not broken bodies or timeouts, the order is wrong, or an answer is made up.',
  judge: (history, facts) => fallbackCalls(history, facts).map((one) => judge(history, facts, one)),
};

function judge(history: History, facts: Facts, fallback: FallbackCall): Finding {
  const { phase, fault, endpoint, order, failing, server } = fallback;
  const { served = [] } = facts.contract.endpoints[endpoint] ?? {};
  const [call] = history.sentIn(phase, { about: 'failing' });
  const arrived = arrivalsIn(history, phase, order);
  const called = [...new Set(arrived.map(({ upstream }) => upstream))];
  const failure = `after ${fault}: ${failing.join(', ')}, ${endpoint}`;
  const isAllowed = server !== undefined || failing.length === order.length;
  const judged = {
    check: isAllowed ? `falls back ${failure}` : `does not fall back ${failure}`,
    requests: tagsIn(phase),
    expected: server === undefined ? 'an error, and no call to another upstream' : `served by ${server}`,
  };
  if (!call) return { ...judged, observed: 'no call', verdict: 'INCONCLUSIVE' };
  const outcome = outcomeOf(call, served, history.metricIn('errors_in_streams', phase).length > 0);
  const verdict = isFelt(fallback, arrived) ? verdictOf(fallback, called, outcome) : 'INCONCLUSIVE';
  const isDelayed = isMostlyDelayed(call, noiseOf(history, facts));
  return {
    ...judged,
    observed: `${answerOf(outcome)} after calls to ${called.join(', then ') || 'no upstream'}`,
    verdict: verdict === 'FAIL' && outcome.is !== 'served' && isDelayed ? 'INCONCLUSIVE' : verdict,
  };
}

const answerOf = ({ is, text, status }: Outcome): string => (is === 'served' ? `${status}` : text);

/** Whether the faults acted on the call. A refused connection leaves no receipt. */
const isFelt = ({ failing, fault }: FallbackCall, arrived: readonly RequestReceipt[]): boolean =>
  failing.every((upstream) => {
    const its = arrived.filter((one) => one.upstream === upstream);
    return fault === 'refuse' ? its.length === 0 : its.some(({ faults }) => faults.length > 0);
  });

function verdictOf({ order, failing, server }: FallbackCall, called: readonly string[], { is }: Outcome): Verdict {
  if (is === 'unknown') return 'INCONCLUSIVE';
  const isExpected = (upstream: string) => failing.includes(upstream) || upstream === server;
  const promised = order.filter((upstream) => isExpected(upstream) && called.includes(upstream));
  if (called.join() !== promised.join()) return 'FAIL';
  if (server === undefined) return is === 'served' || is === 'unanswered' ? 'FAIL' : 'PASS';
  return is === 'served' && called.includes(server) ? 'PASS' : 'FAIL';
}
