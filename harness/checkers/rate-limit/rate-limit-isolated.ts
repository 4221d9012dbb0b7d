import type { Step } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, type Facts, tally } from '../lib/checker.ts';
import { admitted, hasNeighbour, limitsOf, windowOf } from './rate-limit-windows.ts';

/** Checks that while a client has used up one limit, requests to other endpoints and by other clients are allowed. */
export const rateLimitIsolated: Checker = {
  name: 'rate-limit-isolated',
  restsOn: ['rate-limit-admits-exactly'],
  usually: 'Limits share one counter: the key lacks the endpoint or the client.',
  judge: (history, facts) =>
    limitsOf(facts).flatMap(({ limit }) => [
      ...(hasNeighbour(facts, limit) ? [untouched(history, facts, limit, 'other endpoint')] : []),
      untouched(history, facts, limit, 'other client'),
    ]),
};

function untouched(history: History, facts: Facts, limit: string, step: Step): Finding {
  const judged = {
    check: `${step}s unaffected by the limit: ${limit}`,
    requests: [{ limit, step }],
    expected: 'admitted while the limit is used up',
  };
  const window = windowOf(history, facts, limit, 'first window');
  const until = window?.endsAfter ?? 0;
  const inside = history.requests({ limit, step }).filter(({ at }) => at < until);
  const statuses = tally(inside.map(({ status }) => status));
  const refused = inside.filter((one) => !admitted(one));
  if (refused.length === 0) {
    return { ...judged, observed: statuses, verdict: inside.length > 0 ? 'PASS' : 'INCONCLUSIVE' };
  }
  const endpoints = [...new Set(refused.map(({ tags }) => tags.endpoint ?? ''))].join(', ');
  return { ...judged, observed: `${statuses}; not admitted: ${endpoints}`, verdict: 'FAIL' };
}
