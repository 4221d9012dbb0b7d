import type { Step, Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Case, type Facts, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { admitted, isGradual, limitNumber, limitsOf, neighboursOf, sharersOf, windowOf } from './rate-limit-windows.ts';

/**
 * Checks that while a client has used up one limit, requests to other endpoints and by other clients are allowed. If
 * all clients share the limit, requests by other clients must be refused, and so must requests to endpoints whose limits
 * count the same requests (`sharedWith`).
 */
export const rateLimitIsolated: BuiltInChecker = {
  name: 'rate-limit-isolated',
  restsOn: ['rate-limit-admits-exactly'],
  usually:
    'Limits share one counter: the key lacks the endpoint or the client. Or a limit that all clients share is counted per client.',
  fix: 'Build the key of the counter from the limit and the client: `login:203.0.113.7`. A limit for all clients has a key without the client.',
  cases: (facts) =>
    limitsOf(facts).flatMap(({ limit }) => [
      ...besides(facts, limit),
      ...sharing(facts, limit).map((other) => ({
        check: sharingCheck(limit, other),
        promises: [limitNumber(limit, 'sharedWith'), limitNumber(other, 'sharedWith')],
      })),
      ...othersOf(facts, limit).map((check) => ({ check, promises: [limitNumber(limit, 'clients')] })),
    ]),
  without:
    'the profile has no limits, or only one that all clients share and that frees requests one by one (limiter.window)',
  judge: (history, facts) =>
    limitsOf(facts).flatMap(({ limit }) => [
      ...(neighboursOf(facts, limit).length > 0 ? [untouched(history, facts, limit, 'other endpoint')] : []),
      ...sharing(facts, limit).map((other) =>
        refusedToo(history, facts, limit, {
          check: sharingCheck(limit, other),
          requests: { limit, step: 'sharing endpoint', endpoint: other },
          expected: `429 while ${limit}, which counts the same requests, is used up`,
        }),
      ),
      ...ofOtherClients(history, facts, limit),
    ]),
};

const sharedCheck = (limit: string): string => `other clients share the limit: ${limit}`;
const sharingCheck = (limit: string, other: string): string => `limit counts requests of both: ${limit}, ${other}`;
const untouchedCheck = (limit: string, step: Step): string => `${step}s unaffected by the limit: ${limit}`;

/** Returns the case about other endpoints: their limits are their own. */
function besides(facts: Facts, limit: string): Case[] {
  const neighbours = neighboursOf(facts, limit);
  const promises = neighbours.map((name) => limitNumber(name, 'max'));
  return neighbours.length === 0 ? [] : [{ check: untouchedCheck(limit, 'other endpoint'), promises }];
}

/** Returns the other limits that must be used up as well. A limit that frees requests one by one may allow one of them. */
const sharing = (facts: Facts, limit: string): string[] => (isGradual(facts) ? [] : sharersOf(facts, limit));

/** Returns the check about other clients, if there is one. */
function othersOf(facts: Facts, limit: string): string[] {
  if (facts.numbers.limits[limit]?.clients !== 'together') return [untouchedCheck(limit, 'other client')];
  return isGradual(facts) ? [] : [sharedCheck(limit)];
}

function ofOtherClients(history: History, facts: Facts, limit: string): Finding[] {
  if (facts.numbers.limits[limit]?.clients !== 'together') return [untouched(history, facts, limit, 'other client')];
  // A limit that frees requests one by one may give one to another client. The limit's own check also counts these.
  if (isGradual(facts)) return [];
  return [
    refusedToo(history, facts, limit, {
      check: sharedCheck(limit),
      requests: { limit, step: 'other client' },
      expected: '429 while the limit of all clients is used up',
    }),
  ];
}

const WITHOUT_CLIENT =
  'The key of the counter lacks the client, or takes it from something that clients share, other than `client` in the contract says.';
const WITHOUT_ENDPOINT = 'The key of the counter lacks the endpoint: requests to one use up the limit of another.';

/** What must be refused while a limit is used up. */
interface Refused extends Pick<Finding, 'check' | 'expected'> {
  readonly requests: Tags;
}

/** Judges whether other requests are refused until the window ends. */
function refusedToo(history: History, facts: Facts, limit: string, { requests, ...judged }: Refused): Finding {
  const until = windowOf(history, facts, limit, 'first window')?.endsAfter ?? 0;
  const calls = history.requests(requests).filter((request) => answered(request) < until);
  const statuses = calls.map(({ status }) => status);
  const isServed = statuses.some((status) => status !== 429 && status !== 0);
  return {
    ...judged,
    requests: [requests],
    observed: tally(calls.map(answerOf)),
    verdict: isServed ? 'FAIL' : statuses.includes(429) ? 'PASS' : 'INCONCLUSIVE',
  };
}

function untouched(history: History, facts: Facts, limit: string, step: Step): Finding {
  const judged = {
    check: untouchedCheck(limit, step),
    requests: [{ limit, step }],
    expected: 'admitted while the limit is used up',
  };
  const window = windowOf(history, facts, limit, 'first window');
  const until = window?.endsAfter ?? 0;
  const inside = history.requests({ limit, step }).filter(({ at }) => at < until);
  const statuses = tally(inside.map(answerOf));
  const refused = inside.filter((request) => !admitted(request));
  if (refused.length === 0) {
    return { ...judged, observed: statuses, verdict: inside.length > 0 ? 'PASS' : 'INCONCLUSIVE' };
  }
  const endpoints = [...new Set(refused.map(({ tags }) => tags.endpoint ?? ''))].join(', ');
  const isLimited = refused.every(({ status }) => status === 429);
  return {
    ...judged,
    observed: `${statuses}; not admitted: ${endpoints}`,
    verdict: 'FAIL',
    ...(isLimited && { usually: step === 'other client' ? WITHOUT_CLIENT : WITHOUT_ENDPOINT }),
  };
}
