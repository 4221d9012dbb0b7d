import type { RequestSample } from '../../history/events.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { BuiltInChecker, Facts } from '../lib/checker.ts';
import { firstSent, lastAnswered } from '../lib/request-times.ts';
import { type Bounds, boundsOfAll, ratesOfEach, sizesOfEach, wholesIn } from './bucket-bounds.ts';
import { inSteps, otherBucket, ratesInSteps } from './bucket-causes.ts';
import { forAllClients, judgeAnswers, requestsTo, STEPS } from './judge-answers.ts';
import { holdsBack, withOtherRefusals } from './other-refusals.ts';
import { admitted, limitCase, limitsOf, NEVER_REFUSED } from './rate-limit-windows.ts';
import { bucketOf } from './token-bucket.ts';
import { howItCounts, OTHER_BUCKETS } from './ways-to-count.ts';

/** A rate must be known as exactly as this, or to one token of those that came back. */
const RATE = 0.03;
/** The least number of tokens that must have come back while the bucket was watched. A bucket may hold only one. */
const LEAST_TOKENS = 0.5;

/**
 * Checks each answer against a bucket of tokens: a request is allowed if there is a token, and refused if there is
 * none. The rate must be known to within 3 %, or to one token of those that came back while the script watched. The
 * check says by how much another rate would have been noticed.
 *
 * The script sends more requests than the bucket has tokens. It keeps the bucket empty for at least 4 s, so that each
 * token is taken as soon as it comes back. When the bucket is full again, it sends another burst. A bucket may be
 * refilled evenly, or in steps of at most a second, of which several refill it.
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
    buckets(facts).map((promised): Finding => {
      const { limit, max, lengthMs } = promised;
      const requests = requestsTo(history, facts, limit);
      const over = history.sent({ limit, step: 'over' });
      const tokens = (Math.max(0, lastAnswered(over) - firstSent(over)) * max) / lengthMs;
      const finding = withOtherRefusals(facts, limit, requests, (of) => judgeBucket(promised, of, tokens));
      const held = finding.verdict === 'PASS' ? undefined : holdsBack(history, limit);
      const usually =
        held ?? (finding.verdict === 'FAIL' ? (finding.usually ?? whyWrong(promised, requests)) : undefined);
      return {
        check: checkOf(limit),
        requests: STEPS.map((step) => ({ limit, step })),
        expected: `${max} at once, and one more every ${(lengthMs / max / 1_000).toFixed(3)} s`,
        ...finding,
        ...(usually !== undefined && { usually }),
        verdict: held === undefined ? finding.verdict : 'FAIL',
      };
    }),
};

const buckets = (facts: Facts) => (facts.contract.limiter.window === 'token-bucket' ? limitsOf(facts) : []);

const checkOf = (limit: string): string => `allows as many as there are tokens: ${limit}`;

type Limit = ReturnType<typeof limitsOf>[number];

/** Judges all answers. `tokens` is how many came back while the bucket was watched. */
function judgeBucket(
  limit: Limit,
  requests: readonly RequestSample[],
  tokens: number,
): Pick<Finding, 'observed' | 'evidence' | 'usually' | 'verdict'> {
  const bucket = bucketOf(limit);
  const each = ratesOfEach(bucket, requests);
  const wrong = {
    allowed: requests.filter((request) => (each.get(request)?.least ?? 0) > 1),
    refused: requests.filter((request) => (each.get(request)?.below ?? 0) <= 1),
  };
  const isEven = wrong.allowed.length === 0 && wrong.refused.length === 0;
  // A token that comes with a step looks like a larger bucket, which is the simpler explanation.
  const other = isEven || !requests.some(({ status }) => status === 429) ? undefined : otherBucket(limit, requests);
  const steps = isEven || other !== undefined ? undefined : inSteps(limit, requests);
  const words = { allowed: 'allowed without a token', denied: 'refused with a token left' };
  const finding = judgeAnswers(requests, steps ? { allowed: [], refused: [] } : wrong, words);
  if (finding.verdict === 'FAIL') return other === undefined ? finding : { ...finding, usually: other };
  const { least, below } = steps ? ratesInSteps(limit, steps.everyMs, requests) : boundsOfAll(each);
  const sizes = steps ? { first: limit.max, last: limit.max } : wholesIn(boundsOfAll(sizesOfEach(bucket, requests)));
  // Of the first and the last step, it is not known how many of their tokens came back meanwhile.
  const counted = tokens - (steps ? 2 * bucket.perMs * steps.everyMs : 0);
  const needed = Math.max(RATE, 1 / Math.max(1, counted));
  const neededSize = Math.floor(limit.max * RATE);
  const observed = [
    finding.observed,
    ...(steps ? [`refilled every ${(steps.everyMs / 1_000).toFixed(2)} s`] : []),
    seenIn({ least, below }, sizes),
  ].join('; ');
  const isUsedUp = requests.filter(admitted).length >= limit.max && requests.some(({ status }) => status === 429);
  const isSeen =
    tokens >= LEAST_TOKENS &&
    Math.max(below - 1, 1 - least) <= needed &&
    Math.max(sizes.last - limit.max, limit.max - sizes.first) <= neededSize;
  if (isUsedUp && isSeen) return { ...finding, observed };
  const evidence = [
    isUsedUp
      ? `too little to judge the rate to within ${percent(needed)}, and the size to within ${neededSize}`
      : 'too little to judge: never used up',
  ];
  return { observed, evidence, verdict: 'INCONCLUSIVE' };
}

/** Returns a share in percent. */
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Returns which other rates and sizes would have been noticed, in words. */
function seenIn({ least, below }: Bounds, { first, last }: ReturnType<typeof wholesIn>): string {
  const rates = [
    ...(Number.isFinite(below) ? [`a rate of +${percent(below - 1)}`] : []),
    ...(least > 0 ? [`a rate of −${percent(1 - least)}`] : []),
  ];
  const sizes =
    first === last
      ? [`a size other than ${first}`]
      : [...(first > 1 ? [`a size below ${first}`] : []), ...(Number.isFinite(last) ? [`a size above ${last}`] : [])];
  const all = [...rates, ...sizes];
  return all.length === 0
    ? 'no other rate or size would have been noticed'
    : `${all.join(', or ')} would have been noticed`;
}

/** Returns the cause of wrong answers, if one explains them. */
const whyWrong = (limit: Limit, requests: readonly RequestSample[]): string | undefined =>
  requests.some(({ status }) => status === 429) ? howItCounts(requests, limit, OTHER_BUCKETS) : NEVER_REFUSED;
