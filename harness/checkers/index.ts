import { acknowledgedInAnOutage } from './acknowledged-in-an-outage.ts';
import { acknowledgedIsStored } from './acknowledged-is-stored.ts';
import { bearsASoak } from './bears-a-soak.ts';
import { bearsItsLoad } from './bears-its-load.ts';
import { breakerAdmitsOneTrial } from './breaker-admits-one-trial.ts';
import { breakerBenefit } from './breaker-benefit.ts';
import { breakerCloses } from './breaker-closes.ts';
import { breakerOpens } from './breaker-opens.ts';
import { breakerRefusesAtOnce } from './breaker-refuses-at-once.ts';
import { breakerReopens } from './breaker-reopens.ts';
import { breakerSaysWhen } from './breaker-says-when.ts';
import { breakerStaysClosed } from './breaker-stays-closed.ts';
import type { Checker } from './checker.ts';
import { countsAgree } from './counts-agree.ts';
import { databaseOutageSurvived } from './database-outage-survived.ts';
import { endpointsAskForProof } from './endpoints-ask-for-proof.ts';
import { endpointsReachUpstreams } from './endpoints-reach-upstreams.ts';
import { endpointsServed } from './endpoints-served.ts';
import { failurePolicy } from './failure-policy.ts';
import { faultsDelivered } from './faults-delivered.ts';
import { generatorSound } from './generator-sound.ts';
import { hungTrialGivenUp } from './hung-trial-given-up.ts';
import { impostorGetsNothing } from './impostor-gets-nothing.ts';
import { lateResultsIgnored } from './late-results-ignored.ts';
import { ledgerKeepsRow } from './ledger-keeps-row.ts';
import { loadServed } from './load-served.ts';
import { noisyNeighbourSurvived } from './noisy-neighbour-survived.ts';
import { notServedWhileOpen } from './not-served-while-open.ts';
import { nothingStalled } from './nothing-stalled.ts';
import { outageIsolated } from './outage-isolated.ts';
import { outagesApart } from './outages-apart.ts';
import { poolCeiling } from './pool-ceiling.ts';
import { poolEndpointReadsTable } from './pool-endpoint-reads-table.ts';
import { poolFreeDuringUpstreamCalls } from './pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from './pool-leaks-nothing.ts';
import { poolRecovers } from './pool-recovers.ts';
import { poolRefusesTheRest } from './pool-refuses-the-rest.ts';
import { poolSaysWhen } from './pool-says-when.ts';
import { poolSurvivesLostConnections } from './pool-survives-lost-connections.ts';
import { rateLimitAdmitsExactly, rateLimitAdmitsExactlyOnce } from './rate-limit-admits-exactly.ts';
import { rateLimitHeaderTruth } from './rate-limit-header-truth.ts';
import { rateLimitIdentity } from './rate-limit-identity.ts';
import { rateLimitIsolated } from './rate-limit-isolated.ts';
import { rateLimitRefusesUntilWindowEnds } from './rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from './rate-limit-retry-after.ts';
import { rateLimitSparesUpstreams } from './rate-limit-spares-upstreams.ts';
import { rateLimitWindowBoundary } from './rate-limit-window-boundary.ts';
import { recovers } from './recovers.ts';
import { replicasShareLimits } from './replicas-share-limits.ts';
import { serviceStaysUp } from './service-stays-up.ts';
import { slowUpstreamBounded } from './slow-upstream-bounded.ts';
import { steadyState } from './steady-state.ts';
import { survivesASpike } from './survives-a-spike.ts';
import { thresholdsHold } from './thresholds-hold.ts';
import { transitionsLogged } from './transitions-logged.ts';
import { unsafeStartRefused } from './unsafe-start-refused.ts';
import { untouchedStayAsFast } from './untouched-stay-as-fast.ts';
import { upstreamCalledOnce } from './upstream-called-once.ts';
import { strongSecretAccepted, weakSecretRefused } from './weak-secret-refused.ts';

/** Checkers that a scenario names in what it holds. */
export const CHECKERS: Record<string, Checker> = {
  'endpoints-served': endpointsServed,
  'endpoints-reach-upstreams': endpointsReachUpstreams,
  'endpoints-ask-for-proof': endpointsAskForProof,
  'ledger-keeps-row': ledgerKeepsRow,
  'load-served': loadServed,
  'bears-its-load': bearsItsLoad,
  'survives-a-spike': survivesASpike,
  'bears-a-soak': bearsASoak,
  'pool-endpoint-reads-table': poolEndpointReadsTable,
  'steady-state': steadyState,
  recovers,
  'breaker-stays-closed': breakerStaysClosed,
  'breaker-opens': breakerOpens,
  'breaker-refuses-at-once': breakerRefusesAtOnce,
  'not-served-while-open': notServedWhileOpen,
  'breaker-says-when': breakerSaysWhen,
  'breaker-admits-one-trial': breakerAdmitsOneTrial,
  'breaker-reopens': breakerReopens,
  'breaker-closes': breakerCloses,
  'breaker-benefit': breakerBenefit,
  'outage-isolated': outageIsolated,
  'untouched-stay-as-fast': untouchedStayAsFast,
  'transitions-logged': transitionsLogged,
  'failure-policy': failurePolicy,
  'slow-upstream-bounded': slowUpstreamBounded,
  'hung-trial-given-up': hungTrialGivenUp,
  'late-results-ignored': lateResultsIgnored,
  'outages-apart': outagesApart,
  'rate-limit-admits-exactly': rateLimitAdmitsExactly,
  'rate-limit-admits-exactly-once': rateLimitAdmitsExactlyOnce,
  'rate-limit-refuses-until-window-ends': rateLimitRefusesUntilWindowEnds,
  'rate-limit-retry-after': rateLimitRetryAfter,
  'rate-limit-isolated': rateLimitIsolated,
  'rate-limit-spares-upstreams': rateLimitSparesUpstreams,
  'rate-limit-header-truth': rateLimitHeaderTruth,
  'rate-limit-identity': rateLimitIdentity,
  'rate-limit-window-boundary': rateLimitWindowBoundary,
  'replicas-share-limits': replicasShareLimits,
  'pool-ceiling': poolCeiling,
  'pool-refuses-the-rest': poolRefusesTheRest,
  'pool-says-when': poolSaysWhen,
  'pool-recovers': poolRecovers,
  'pool-free-during-upstream-calls': poolFreeDuringUpstreamCalls,
  'pool-survives-lost-connections': poolSurvivesLostConnections,
  'pool-leaks-nothing': poolLeaksNothing,
  'noisy-neighbour-survived': noisyNeighbourSurvived,
  'database-outage-survived': databaseOutageSurvived,
  'impostor-gets-nothing': impostorGetsNothing,
  'acknowledged-in-an-outage': acknowledgedInAnOutage,
  'acknowledged-is-stored': acknowledgedIsStored,
  'upstream-called-once': upstreamCalledOnce,
  'weak-secret-refused': weakSecretRefused,
  'strong-secret-accepted': strongSecretAccepted,
  'unsafe-start-refused': unsafeStartRefused,
};

/** Checkers that judge every scenario: whether what happened can be judged at all. */
export const FOUNDATION: Record<string, Checker> = {
  'service-stays-up': serviceStaysUp,
  'generator-sound': generatorSound,
  'nothing-stalled': nothingStalled,
  'faults-delivered': faultsDelivered,
  'counts-agree': countsAgree,
};

/** Checkers whose verdict rests on how long something took: a pause of the generator may have been most of it. */
export const TIMED: readonly string[] = [
  'breaker-refuses-at-once',
  'breaker-says-when',
  'breaker-reopens',
  'breaker-benefit',
  'outage-isolated',
  'untouched-stay-as-fast',
  'slow-upstream-bounded',
  'hung-trial-given-up',
  'late-results-ignored',
  'outages-apart',
  'rate-limit-retry-after',
  'pool-free-during-upstream-calls',
  'pool-refuses-the-rest',
  'bears-its-load',
  'survives-a-spike',
  'bears-a-soak',
  'noisy-neighbour-survived',
  'database-outage-survived',
];

/** And what the script itself asks for. */
export const THRESHOLDS: Record<string, Checker> = { thresholds: thresholdsHold };
