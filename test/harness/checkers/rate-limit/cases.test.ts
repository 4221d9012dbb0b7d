import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { limitBenefit } from '../../../../harness/checkers/rate-limit/limit-benefit.ts';
import { noisyNeighbourSurvived } from '../../../../harness/checkers/rate-limit/noisy-neighbour-survived.ts';
import {
  rateLimitAdmitsExactly,
  rateLimitAdmitsExactlyOnce,
} from '../../../../harness/checkers/rate-limit/rate-limit-admits-exactly.ts';
import { rateLimitBucket } from '../../../../harness/checkers/rate-limit/rate-limit-bucket.ts';
import { rateLimitCosts } from '../../../../harness/checkers/rate-limit/rate-limit-costs.ts';
import { rateLimitHeaderTruth } from '../../../../harness/checkers/rate-limit/rate-limit-header-truth.ts';
import { rateLimitIdentity } from '../../../../harness/checkers/rate-limit/rate-limit-identity.ts';
import { rateLimitIsolated } from '../../../../harness/checkers/rate-limit/rate-limit-isolated.ts';
import {
  rateLimitHolds,
  rateLimitRefusesUntilWindowEnds,
} from '../../../../harness/checkers/rate-limit/rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from '../../../../harness/checkers/rate-limit/rate-limit-retry-after.ts';
import { rateLimitSparesUpstreams } from '../../../../harness/checkers/rate-limit/rate-limit-spares-upstreams.ts';
import { rateLimitWeighted } from '../../../../harness/checkers/rate-limit/rate-limit-weighted.ts';
import { rateLimitWindowBoundary } from '../../../../harness/checkers/rate-limit/rate-limit-window-boundary.ts';
import { replicasShareLimits } from '../../../../harness/checkers/rate-limit/replicas-share-limits.ts';
import { requestsInProgress } from '../../../../harness/checkers/rate-limit/requests-in-progress.ts';
import { testCases, testNotApplicable, withPlan } from '../../../support/cases.ts';
import { facts, request } from '../../../support/history.ts';
import { factsWith } from './limiters.ts';

const LIMITS = ['conversation-end', 'activities-suggest'];
const each = (...checks: string[]) => LIMITS.flatMap((limit) => checks.map((check) => check.replace('LIMIT', limit)));

/** The facts with only these limits. */
function ofTwo(given: Facts): Facts {
  const limits = Object.fromEntries(Object.entries(given.numbers.limits).filter(([name]) => LIMITS.includes(name)));
  return { ...given, numbers: { ...given.numbers, limits } };
}

const unlimited: Facts = { ...facts(), numbers: { ...facts().numbers, limits: {} } };
const silent: Facts = {
  ...facts(),
  contract: { ...facts().contract, limiter: { ...facts().contract.limiter, headers: [], retryAfter: false } },
};
const [LIMIT = '', OTHER = ''] = LIMITS;
const shared = (window: Facts['contract']['limiter']['window']): Facts => {
  const limit = { max: 3, windowSeconds: 2, sharedWith: [], clients: 'together' as const };
  return { ...factsWith(window), numbers: { ...facts().numbers, limits: { [LIMIT]: limit } } };
};
const inProgress: Facts = {
  ...facts(),
  numbers: { ...facts().numbers, requestsInProgress: { [LIMIT]: { max: 3, refusal: 429 } } },
};
const costs: Facts = {
  ...facts(),
  contract: { ...facts().contract, limiter: { ...facts().contract.limiter, counts: 'authenticated' } },
};

testCases([
  {
    checker: limitBenefit,
    given: ofTwo(facts()),
    checks: ['spares the work of an abuser', 'serves others beside an abuser'],
  },
  {
    checker: noisyNeighbourSurvived,
    given: ofTwo(facts()),
    checks: [
      ...['few', 'none'].flatMap((left) => [
        `served or refused: neighbour leaves ${left}`,
        `health stays up: neighbour leaves ${left}`,
      ]),
      'stays within the pool beside a neighbour',
      'serves again when the neighbour has left',
    ],
  },
  {
    checker: rateLimitAdmitsExactly,
    given: ofTwo(facts()),
    checks: each('admits exactly N: LIMIT, first window', 'admits exactly N: LIMIT, second window'),
  },
  {
    checker: rateLimitAdmitsExactlyOnce,
    given: ofTwo(facts()),
    checks: each('admits exactly N: LIMIT, first window'),
  },
  {
    checker: rateLimitRefusesUntilWindowEnds,
    given: ofTwo(facts()),
    checks: each('refuses until the window ends: LIMIT'),
  },
  { checker: rateLimitHolds, given: ofTwo(facts()), checks: each('keeps refusing while watched: LIMIT') },
  {
    checker: rateLimitBucket,
    given: ofTwo(factsWith('token-bucket')),
    checks: each('allows as many as there are tokens: LIMIT'),
  },
  {
    checker: rateLimitWeighted,
    given: ofTwo(factsWith('weighted')),
    checks: each('allows what two weighted windows leave: LIMIT'),
  },
  { checker: rateLimitRetryAfter, given: ofTwo(facts()), checks: each('correct Retry-After: LIMIT') },
  {
    checker: rateLimitIsolated,
    given: ofTwo(facts()),
    checks: each('other endpoints unaffected by the limit: LIMIT', 'other clients unaffected by the limit: LIMIT'),
  },
  { checker: rateLimitIsolated, given: shared('clock'), checks: [`other clients share the limit: ${LIMIT}`] },
  {
    checker: rateLimitSparesUpstreams,
    given: ofTwo(facts()),
    checks: ['groq', 'mem0'].map((upstream) => `refused calls cost no upstream request: ${upstream}`),
  },
  {
    checker: rateLimitHeaderTruth,
    given: ofTwo(facts()),
    checks: each('headers are correct: draft-7, LIMIT', 'headers are correct: Retry-After, LIMIT'),
  },
  { checker: rateLimitIdentity, given: ofTwo(facts()), checks: each('forged identities gain nothing: LIMIT') },
  {
    checker: rateLimitWindowBoundary,
    given: ofTwo(facts()),
    checks: each('admits exactly before the end: LIMIT', 'admits exactly after the end: LIMIT'),
  },
  {
    checker: replicasShareLimits,
    given: ofTwo(facts()),
    checks: each('replicas share the limit: LIMIT, first window', 'replicas share the limit: LIMIT, second window'),
  },
  {
    checker: requestsInProgress,
    given: withPlan(inProgress, { action: 'at once', endpoint: LIMIT }, { action: 'at once again', endpoint: LIMIT }),
    checks: [
      `allows exactly N requests in progress: at once: ${LIMIT}`,
      `allows exactly N requests in progress: at once again: ${LIMIT}`,
      `other clients unaffected by requests in progress: ${LIMIT}`,
    ],
  },
  {
    checker: rateLimitCosts,
    given: withPlan(
      costs,
      { action: 'unserved', endpoint: LIMIT, variant: 'invalid' },
      { action: 'unserved', endpoint: LIMIT, variant: 'malformed' },
      { action: 'unserved', endpoint: OTHER, variant: 'failed' },
    ),
    checks: [`cost of invalid requests: ${LIMIT}`, `cost of failed requests: ${OTHER}`],
    events: [
      request(1, 5, 400, { limit: LIMIT, variant: 'invalid', step: 'unserved', round: '1' }),
      request(1, 5, 500, { limit: OTHER, variant: 'failed', step: 'unserved', round: '1' }),
    ],
  },
]);

testNotApplicable([
  ...[
    rateLimitAdmitsExactly,
    rateLimitAdmitsExactlyOnce,
    rateLimitRefusesUntilWindowEnds,
    rateLimitHolds,
    rateLimitBucket,
    rateLimitWeighted,
    rateLimitRetryAfter,
    rateLimitIsolated,
    rateLimitSparesUpstreams,
    rateLimitHeaderTruth,
    rateLimitIdentity,
    rateLimitWindowBoundary,
    replicasShareLimits,
  ].map((checker) => [checker, unlimited] as const),
  ...[rateLimitAdmitsExactly, rateLimitAdmitsExactlyOnce, rateLimitRefusesUntilWindowEnds, rateLimitHolds].map(
    (checker) => [checker, factsWith('weighted')] as const,
  ),
  [rateLimitBucket, factsWith('weighted')],
  [rateLimitWeighted, factsWith('token-bucket')],
  [rateLimitIsolated, shared('token-bucket')],
  [rateLimitHeaderTruth, silent],
  [rateLimitRetryAfter, silent],
  [requestsInProgress, withPlan(facts())],
  [rateLimitCosts, withPlan(costs)],
]);
