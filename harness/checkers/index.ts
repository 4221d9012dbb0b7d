import { breakerAdmitsOneTrial } from './breaker/breaker-admits-one-trial.ts';
import { breakerBenefit } from './breaker/breaker-benefit.ts';
import { breakerCloses } from './breaker/breaker-closes.ts';
import { breakerOpens } from './breaker/breaker-opens.ts';
import { breakerRefusesAtOnce } from './breaker/breaker-refuses-at-once.ts';
import { breakerReopens } from './breaker/breaker-reopens.ts';
import { breakerSaysWhen } from './breaker/breaker-says-when.ts';
import { breakerStaysClosed } from './breaker/breaker-stays-closed.ts';
import { failurePolicy } from './breaker/failure-policy.ts';
import { hungTrialGivenUp } from './breaker/hung-trial-given-up.ts';
import { lateResultsIgnored } from './breaker/late-results-ignored.ts';
import { notServedWhileOpen } from './breaker/not-served-while-open.ts';
import { outagesApart } from './breaker/outages-apart.ts';
import { transitionsLogged } from './breaker/transitions-logged.ts';
import { countsAgree } from './foundation/counts-agree.ts';
import { faultsDelivered } from './foundation/faults-delivered.ts';
import { generatorSound } from './foundation/generator-sound.ts';
import { nothingStalled } from './foundation/nothing-stalled.ts';
import { serviceStaysUp } from './foundation/service-stays-up.ts';
import { thresholdsHold } from './foundation/thresholds-hold.ts';
import type { Checker } from './lib/checker.ts';
import { bearsASoak } from './load/bears-a-soak.ts';
import { bearsItsLoad } from './load/bears-its-load.ts';
import { endpointsAskForProof } from './load/endpoints-ask-for-proof.ts';
import { endpointsServed } from './load/endpoints-served.ts';
import { loadServed } from './load/load-served.ts';
import { recovers } from './load/recovers.ts';
import { steadyState } from './load/steady-state.ts';
import { survivesASpike } from './load/survives-a-spike.ts';
import { acknowledgedInAnOutage } from './pool/acknowledged-in-an-outage.ts';
import { acknowledgedIsStored } from './pool/acknowledged-is-stored.ts';
import { databaseOutageSurvived } from './pool/database-outage-survived.ts';
import { ledgerKeepsRow } from './pool/ledger-keeps-row.ts';
import { poolCeiling } from './pool/pool-ceiling.ts';
import { poolEndpointReadsTable } from './pool/pool-endpoint-reads-table.ts';
import { poolFreeDuringUpstreamCalls } from './pool/pool-free-during-upstream-calls.ts';
import { poolLeaksNothing } from './pool/pool-leaks-nothing.ts';
import { poolRecovers } from './pool/pool-recovers.ts';
import { poolRefusesTheRest } from './pool/pool-refuses-the-rest.ts';
import { poolSaysWhen } from './pool/pool-says-when.ts';
import { poolSurvivesLostConnections } from './pool/pool-survives-lost-connections.ts';
import { noisyNeighbourSurvived } from './rate-limit/noisy-neighbour-survived.ts';
import { rateLimitAdmitsExactly, rateLimitAdmitsExactlyOnce } from './rate-limit/rate-limit-admits-exactly.ts';
import { rateLimitHeaderTruth } from './rate-limit/rate-limit-header-truth.ts';
import { rateLimitIdentity } from './rate-limit/rate-limit-identity.ts';
import { rateLimitIsolated } from './rate-limit/rate-limit-isolated.ts';
import { rateLimitRefusesUntilWindowEnds } from './rate-limit/rate-limit-refuses-until-window-ends.ts';
import { rateLimitRetryAfter } from './rate-limit/rate-limit-retry-after.ts';
import { rateLimitSparesUpstreams } from './rate-limit/rate-limit-spares-upstreams.ts';
import { rateLimitWindowBoundary } from './rate-limit/rate-limit-window-boundary.ts';
import { replicasShareLimits } from './rate-limit/replicas-share-limits.ts';
import { unsafeStartRefused } from './start/unsafe-start-refused.ts';
import { strongSecretAccepted, weakSecretRefused } from './start/weak-secret-refused.ts';
import { endpointsReachUpstreams } from './upstream/endpoints-reach-upstreams.ts';
import { impostorGetsNothing } from './upstream/impostor-gets-nothing.ts';
import { outageIsolated } from './upstream/outage-isolated.ts';
import { slowUpstreamBounded } from './upstream/slow-upstream-bounded.ts';
import { untouchedStayAsFast } from './upstream/untouched-stay-as-fast.ts';
import { upstreamCalledOnce } from './upstream/upstream-called-once.ts';

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

/** Returns the problem with a list of checkers' names: the first unknown one and the known ones; undefined if all are known. */
export function unknownChecker(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !Object.hasOwn(CHECKERS, name));
  return unknown === undefined
    ? undefined
    : `unknown checker "${unknown}"; allowed: ${Object.keys(CHECKERS).join(', ')}`;
}
