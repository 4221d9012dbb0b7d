import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { answered } from '../lib/request-times.ts';
import { forAllClients, judgeAnswers, requestsTo, STEPS, TOLERANCE_MS, withoutForged } from './judge-answers.ts';
import { admitted, limitCase, limitsOf } from './rate-limit-windows.ts';
import { bucketOf, leastTokens, mostTokens } from './token-bucket.ts';
import { howItCounts, OTHER_BUCKETS } from './ways-to-count.ts';

/**
 * Checks each answer against a bucket of tokens: a request is allowed if there is a token, and refused if there is
 * none.
 *
 * The script sends more requests than the bucket has tokens, then some at regular intervals, and another burst when the
 * bucket is full again.
 */
export const rateLimitBucket: BuiltInChecker = {
  name: 'rate-limit-bucket',
  restsOn: ['endpoints-served'],
  usually:
    'The size or refill rate of the bucket differs from the contract, the bucket is refilled all at once, or the limit uses windows.',
  fix: 'Refill the bucket by the elapsed time at each request: `tokens = min(size, tokens + elapsed * rate)`. Compare size and rate with the profile.',
  needs: 'limiter.window: token-bucket',
  cases: (facts) =>
    buckets(facts).map(({ limit }) =>
      limitCase(checkOf(limit), limit, ['limiter', 'window'], ...forAllClients(facts, limit)),
    ),
  without: 'the profile has no limits, or limiter.window is not token-bucket',
  judge: (history, facts) =>
    buckets(facts).map((promisedLimit): Finding => {
      const { limit, max } = promisedLimit;
      const bucket = bucketOf(promisedLimit);
      const { perMs } = bucket;
      const requests = requestsTo(history, facts, limit);
      const allowed = requests.filter(admitted);
      const slack = perMs * TOLERANCE_MS;
      const finding = withoutForged(requests, (judged) => {
        const admittedRequests = judged.filter(admitted);
        return judgeAnswers(
          judged,
          {
            most: (request) => mostTokens(bucket, othersThan(request, admittedRequests), atTheEndOf(request)) + slack,
            least: (request) => leastTokens(bucket, judged, timeOf(request)) - slack,
          },
          { allowed: 'allowed without a token', denied: 'refused with a token left' },
        );
      });
      const judged = {
        check: checkOf(limit),
        requests: STEPS.map((step) => ({ limit, step })),
        expected: `${max} at once, and one more every ${(1 / perMs / 1_000).toFixed(3)} s`,
        ...finding,
      };
      // Later requests show that tokens come back one by one.
      const later = history.sent({ limit, step: 'over' });
      const isRefilled = later.length === 0 || later.some(admitted);
      const isFull = allowed.length >= max && requests.some(({ status }) => status === 429);
      if (finding.verdict === 'FAIL') {
        const why = finding.usually ?? howItCounts(requests, promisedLimit, OTHER_BUCKETS);
        return { ...judged, ...(why !== undefined && { usually: why }) };
      }
      if (isFull && isRefilled) return judged;
      const evidence = [`too little to judge: ${count(later.filter(admitted).length, 'later request')} allowed`];
      return { ...judged, evidence, verdict: 'INCONCLUSIVE' };
    }),
};

const buckets = (facts: Facts) => (facts.contract.limiter.window === 'token-bucket' ? limitsOf(facts) : []);

const checkOf = (limit: string): string => `allows as many as there are tokens: ${limit}`;

const othersThan = (request: RequestSample, all: readonly RequestSample[]): RequestSample[] =>
  all.filter((other) => other !== request);

/**
 * Other requests in progress at the same time may take their tokens later, but all requests that were answered before
 * have taken theirs.
 */
function atTheEndOf(request: RequestSample): { from: number; until: number } {
  const until = answered(request);
  return { from: until, until };
}

const timeOf = (request: RequestSample) => ({ from: request.at, until: answered(request) });
