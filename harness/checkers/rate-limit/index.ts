import type { Family } from '../lib/family.ts';
import { limitBenefit } from './limit-benefit.ts';
import { RATE_LIMIT_MUTANTS } from './mutants.ts';
import { noisyNeighbourSurvived } from './noisy-neighbour-survived.ts';
import { rateLimitAdmitsExactly, rateLimitAdmitsExactlyOnce } from './rate-limit-admits-exactly.ts';
import { rateLimitAfterTrouble } from './rate-limit-after-trouble.ts';
import { rateLimitBucket } from './rate-limit-bucket.ts';
import { rateLimitCosts } from './rate-limit-costs.ts';
import { rateLimitHeaderTruth } from './rate-limit-header-truth.ts';
import { rateLimitIdentity } from './rate-limit-identity.ts';
import { rateLimitInACrowd } from './rate-limit-in-a-crowd.ts';
import { rateLimitIsolated } from './rate-limit-isolated.ts';
import { rateLimitRefusals } from './rate-limit-refusals.ts';
import { rateLimitHolds, rateLimitRefusesUntilWindowEnds } from './rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from './rate-limit-retry-after.ts';
import { rateLimitSparesUpstreams } from './rate-limit-spares-upstreams.ts';
import { rateLimitUnnamed } from './rate-limit-unnamed.ts';
import { rateLimitWeighted } from './rate-limit-weighted.ts';
import { rateLimitWindowBoundary } from './rate-limit-window-boundary.ts';
import { refusalsDelayNobody } from './refusals-delay-nobody.ts';
import { replicasShareLimits } from './replicas-share-limits.ts';
import { requestsInProgress } from './requests-in-progress.ts';

export const RATE_LIMIT: Family = {
  title: 'Rate limits',
  checkers: [
    rateLimitAdmitsExactly,
    rateLimitAdmitsExactlyOnce,
    rateLimitRefusesUntilWindowEnds,
    rateLimitHolds,
    rateLimitBucket,
    rateLimitWeighted,
    rateLimitRetryAfter,
    rateLimitRefusals,
    rateLimitIsolated,
    rateLimitSparesUpstreams,
    rateLimitHeaderTruth,
    rateLimitIdentity,
    rateLimitUnnamed,
    rateLimitInACrowd,
    rateLimitCosts,
    rateLimitAfterTrouble,
    requestsInProgress,
    rateLimitWindowBoundary,
    replicasShareLimits,
    noisyNeighbourSurvived,
    limitBenefit,
    refusalsDelayNobody,
  ],
  mutants: RATE_LIMIT_MUTANTS,
};
