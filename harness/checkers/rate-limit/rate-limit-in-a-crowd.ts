import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, tally } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { TOLERANCE_MS } from './judge-answers.ts';
import { limitNumber, limitsOf } from './rate-limit-windows.ts';
import { type Bucket, bucketOf, mostTokens } from './token-bucket.ts';

/** Minimum number of other clients that were served in one window. Stores that forget counters often hold 1,000 of them. */
const ENOUGH = 1_001;

/**
 * Checks that a limit of a client stays used up while many other clients come: the service must not forget counters.
 *
 * The client keeps sending requests while the lab sends one request each as 1,100 other clients. In each window,
 * no more than N of them may be served. The script adds how many of the other
 * clients were served to the metric `others_served`, and how many of them in one window to
 * `others_served_in_one_window`: only then did their counters live at once.
 */
export const rateLimitInACrowd: BuiltInChecker = {
  name: 'rate-limit-in-a-crowd',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket'],
  usually:
    'The store forgets counters when there are many clients: it is cleared, or drops counters whose window has not ended.',
  fix: 'Drop only counters whose window has ended. If memory is limited, use a shared store, or count new clients together.',
  cases: (facts) =>
    planned(facts, 'crowd of clients')?.map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [limitNumber(endpoint, 'max')],
    })),
  without:
    'no endpoint with GET that calls nothing has a limit for each client, the lab cannot play 1,100 clients (client: key, user), or another profile has a longer window: see `stress/specified-numbers`',
  judge: (history, facts) =>
    (planned(facts, 'crowd of clients') ?? []).map(({ endpoint }): Finding => {
      const phases = history.phases('crowd of clients', { endpoint });
      const requests = history.sent({ limit: endpoint, step: 'in the crowd' }).toSorted((a, b) => a.at - b.at);
      const [others] = history.metricIn('others_served', phases, { limit: endpoint });
      const served = others?.value ?? 0;
      const [together] = history.metricIn('others_served_in_one_window', phases, { limit: endpoint });
      const atOnce = together?.value ?? 0;
      const early = servedEarly(requests, facts, endpoint);
      const judged = {
        check: checkOf(endpoint),
        requests: [{ limit: endpoint, step: 'in the crowd' as const }],
        expected: 'its limit stays used up until its window ends',
        observed: `${tally(requests.map(answerOf))}; ${count(served, 'other client')} served meanwhile, ${atOnce} in one window`,
      };
      if (early.length > 0) {
        return { ...judged, evidence: [`${count(early.length, 'request')} served too early`], verdict: 'FAIL' };
      }
      const last = requests.at(-1);
      const isWatched = last !== undefined && others !== undefined && last.at >= others.at - TOLERANCE_MS;
      // The crowd comes after the first refusal. The counters may have been dropped at any time since, so the limit must
      // have been used up most of that time.
      const first = requests.findIndex(({ status }) => status === 429);
      const since = first < 0 ? [] : requests.slice(first);
      const refused = since.filter(({ status }) => status === 429).length;
      if (first < 0) {
        return { ...judged, evidence: ['the limit was not used up, so no crowd came'], verdict: 'INCONCLUSIVE' };
      }
      const isUsedUp = refused >= since.length / 2 && requests.every(({ status }) => status !== 0);
      if (atOnce < ENOUGH) {
        const evidence = [
          `fewer than ${ENOUGH} counters lived at once: use a longer window in the profile, or a faster machine`,
        ];
        return { ...judged, evidence, verdict: 'INCONCLUSIVE' };
      }
      return { ...judged, verdict: isWatched && isUsedUp ? 'PASS' : 'INCONCLUSIVE' };
    }),
};

const checkOf = (limit: string): string => `stays used up while many other clients come: ${limit}`;

/** Returns the requests that were served although the limit was used up. They are in the order of time. */
function servedEarly(requests: readonly RequestSample[], facts: Facts, name: string): RequestSample[] {
  const limit = limitsOf(facts).find(({ limit }) => limit === name);
  const { served = [] } = facts.contract.endpoints[name] ?? {};
  const isServed = ({ status }: RequestSample): boolean => served.includes(status);
  if (!limit) return [];
  const allowed = requests.filter(isServed);
  switch (facts.contract.limiter.window) {
    case 'token-bucket':
      return beyondBucket(allowed, bucketOf(limit));
    case 'sliding':
      return allowed.filter((request, index) => {
        const before = allowed[index - limit.max];
        return before !== undefined && latestOf(request) < before.at + limit.lengthMs;
      });
    case 'clock':
      return beyondClock(allowed, limit);
    default:
      return beyondWindows(requests, isServed, limit);
  }
}

interface Limit {
  readonly max: number;
  readonly lengthMs: number;
}

/** Returns the latest time at which a service can have counted a request, by its own clock. */
const latestOf = (request: RequestSample): number => answered(request) + TOLERANCE_MS;

function beyondBucket(allowed: readonly RequestSample[], bucket: Bucket): RequestSample[] {
  const slack = bucket.perMs * TOLERANCE_MS;
  return allowed.filter((request) => {
    const until = answered(request);
    const others = allowed.filter((other) => other !== request);
    return mostTokens(bucket, others, { from: until, until }) + slack < 1;
  });
}

function beyondClock(allowed: readonly RequestSample[], { max, lengthMs }: Limit): RequestSample[] {
  const windowAt = (time: number) => Math.floor(time / lengthMs);
  const certain = allowed.filter((request) => windowAt(request.at - TOLERANCE_MS) === windowAt(latestOf(request)));
  return [...Map.groupBy(certain, ({ at }) => windowAt(at)).values()].flatMap((of) => of.slice(max));
}

/**
 * Requests come one after another, so a window begins with a request that is served right after a refused one. Until
 * its end, no more than N are served. Windows that begin otherwise are not certain.
 */
function beyondWindows(
  requests: readonly RequestSample[],
  isServed: (request: RequestSample) => boolean,
  { max, lengthMs }: Limit,
): RequestSample[] {
  const early: RequestSample[] = [];
  let [began, used] = [Number.NEGATIVE_INFINITY, 0];
  for (const [index, request] of requests.entries()) {
    if (!isServed(request)) continue;
    const before = requests[index - 1];
    if (latestOf(request) >= began + lengthMs) {
      const isFirst = before === undefined || before.status === 429;
      [began, used] = [isFirst ? request.at : Number.NEGATIVE_INFINITY, 0];
    }
    used += 1;
    if (used > max && began > 0) early.push(request);
  }
  return early;
}
