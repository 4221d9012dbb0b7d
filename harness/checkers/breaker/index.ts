import type { Family } from '../lib/family.ts';
import { abandonedTrialEnds } from './abandoned-trial-ends.ts';
import { breakerAdmitsOneTrial } from './breaker-admits-one-trial.ts';
import { breakerBenefit } from './breaker-benefit.ts';
import { breakerCloses } from './breaker-closes.ts';
import { breakerCoversEndpoints } from './breaker-covers-endpoints.ts';
import { breakerOpens } from './breaker-opens.ts';
import { breakerRefusals } from './breaker-refusals.ts';
import { breakerRefusesAtOnce } from './breaker-refuses-at-once.ts';
import { breakerReopens } from './breaker-reopens.ts';
import { breakerSaysWhen } from './breaker-says-when.ts';
import { breakerCountsAnew, breakerStaysClosed } from './breaker-stays-closed.ts';
import { failurePolicy } from './failure-policy.ts';
import { hungTrialGivenUp } from './hung-trial-given-up.ts';
import { lateResultsIgnored } from './late-results-ignored.ts';
import { BREAKER_MUTANTS } from './mutants.ts';
import { notServedWhileOpen } from './not-served-while-open.ts';
import { outageWithRetries } from './outage-with-retries.ts';
import { outagesApart } from './outages-apart.ts';
import { RETRY_AFTER_MUTANTS } from './retry-after-mutants.ts';
import { specifiedRecovery } from './specified-recovery.ts';
import { transitionsLogged } from './transitions-logged.ts';
import { trialByOwnCalls } from './trial-by-own-calls.ts';
import { trialWaitedFor } from './trial-waited-for.ts';

export const BREAKER: Family = {
  title: 'Breakers',
  checkers: [
    breakerStaysClosed,
    breakerCoversEndpoints,
    breakerOpens,
    breakerRefusesAtOnce,
    notServedWhileOpen,
    breakerSaysWhen,
    breakerRefusals,
    trialByOwnCalls,
    breakerAdmitsOneTrial,
    trialWaitedFor,
    breakerReopens,
    breakerCloses,
    breakerCountsAnew,
    breakerBenefit,
    transitionsLogged,
    outageWithRetries,
    failurePolicy,
    hungTrialGivenUp,
    lateResultsIgnored,
    outagesApart,
    specifiedRecovery,
    abandonedTrialEnds,
  ],
  mutants: [...BREAKER_MUTANTS, ...RETRY_AFTER_MUTANTS],
};
