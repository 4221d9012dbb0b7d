import type { Step, Tags } from '../../contract/tags.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type Checker, type Facts, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { admitted, hasNeighbour, isGradual, limitsOf, windowOf } from './rate-limit-windows.ts';

/**
 * Checks that while a client has used up one limit, requests to other endpoints and by other clients are allowed. If
 * the limit is for all clients together, those by other clients must be refused.
 */
export const rateLimitIsolated: Checker = {
  name: 'rate-limit-isolated',
  restsOn: ['rate-limit-admits-exactly'],
  usually:
    'Limits share one counter: the key lacks the endpoint or the client. Or a limit for all clients is counted for each of them.',
  judge: (history, facts) =>
    limitsOf(facts).flatMap(({ limit }) => [
      ...(hasNeighbour(facts, limit) ? [untouched(history, facts, limit, 'other endpoint')] : []),
      ...ofOtherClients(history, facts, limit),
    ]),
};

function ofOtherClients(history: History, facts: Facts, limit: string): Finding[] {
  if (facts.numbers.limits[limit]?.clients !== 'together') return [untouched(history, facts, limit, 'other client')];
  // A limit that gives back requests one by one may give one to another client. Its own check counts these as well.
  return isGradual(facts) ? [] : [refusedToo(history, facts, limit)];
}

/** Judges whether other clients are refused until the window ends. */
function refusedToo(history: History, facts: Facts, limit: string): Finding {
  const requests: Tags = { limit, step: 'other client' };
  const until = windowOf(history, facts, limit, 'first window')?.endsAfter ?? 0;
  const statuses = history
    .requests(requests)
    .filter((one) => answered(one) < until)
    .map(({ status }) => status);
  const isServed = statuses.some((status) => status !== 429);
  return {
    check: `other clients share the limit: ${limit}`,
    requests: [requests],
    expected: '429 while the limit of all clients is used up',
    observed: tally(statuses),
    verdict: isServed ? 'FAIL' : statuses.length > 0 ? 'PASS' : 'INCONCLUSIVE',
  };
}

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
