import type { Family } from '../lib/family.ts';
import { abandonedCallsCountNothing } from './abandoned-calls-count-nothing.ts';
import { abandonedCallsEnd } from './abandoned-calls-end.ts';
import { abandonedCallsNotRepeated } from './abandoned-calls-not-repeated.ts';
import { attemptsApart } from './attempts-apart.ts';
import { backoffBounded } from './backoff-bounded.ts';
import { backoffJittered } from './backoff-jittered.ts';
import { beyondQuotaAnswered } from './beyond-quota-answered.ts';
import { CALL_MUTANTS } from './call-mutants.ts';
import { callsRescued } from './calls-rescued.ts';
import { connectionsReused } from './connections-reused.ts';
import { endpointsReachUpstreams } from './endpoints-reach-upstreams.ts';
import { faultsAnswered } from './faults-answered.ts';
import { faultsAnsweredInTime } from './faults-answered-in-time.ts';
import { healthWhileCallsFail } from './health-while-calls-fail.ts';
import { impostorGetsNothing } from './impostor-gets-nothing.ts';
import { outageIsolated } from './outage-isolated.ts';
import { OUTAGE_MUTANTS } from './outage-mutants.ts';
import { queueBounded } from './queue-bounded.ts';
import { quotaKept } from './quota-kept.ts';
import { QUOTA_MUTANTS } from './quota-mutants.ts';
import { redirectsGetNoCredentials } from './redirects-get-no-credentials.ts';
import { slowUpstreamBounded } from './slow-upstream-bounded.ts';
import { specifiedTimeouts } from './specified-timeouts.ts';
import { STREAM_MUTANTS } from './stream-mutants.ts';
import { streamsBounded } from './streams-bounded.ts';
import { streamsComplete } from './streams-complete.ts';
import { streamsCountForBreaker } from './streams-count-for-breaker.ts';
import { streamsRelayed } from './streams-relayed.ts';
import { streamsTellFailure } from './streams-tell-failure.ts';
import { timedOutCallsEnd } from './timed-out-calls-end.ts';
import { toldWaitsKept } from './told-waits-kept.ts';
import { unreadStreamsBounded } from './unread-streams-bounded.ts';
import { untouchedNeverWait } from './untouched-never-wait.ts';
import { untouchedStayAsFast } from './untouched-stay-as-fast.ts';
import { unverifiedUpstreamsServed } from './unverified-upstreams-served.ts';
import { upstreamAttempts } from './upstream-attempts.ts';
import { slotsReleased, upstreamConcurrency, upstreamConcurrencyReached } from './upstream-concurrency.ts';
import { WAIT_MUTANTS } from './wait-mutants.ts';

export const UPSTREAM: Family = {
  title: 'Upstreams',
  checkers: [
    endpointsReachUpstreams,
    outageIsolated,
    untouchedStayAsFast,
    untouchedNeverWait,
    slowUpstreamBounded,
    specifiedTimeouts,
    impostorGetsNothing,
    redirectsGetNoCredentials,
    unverifiedUpstreamsServed,
    upstreamAttempts,
    callsRescued,
    attemptsApart,
    backoffBounded,
    backoffJittered,
    faultsAnswered,
    faultsAnsweredInTime,
    timedOutCallsEnd,
    healthWhileCallsFail,
    abandonedCallsEnd,
    abandonedCallsNotRepeated,
    abandonedCallsCountNothing,
    upstreamConcurrency,
    upstreamConcurrencyReached,
    slotsReleased,
    queueBounded,
    connectionsReused,
    quotaKept,
    beyondQuotaAnswered,
    toldWaitsKept,
    streamsComplete,
    streamsTellFailure,
    streamsRelayed,
    unreadStreamsBounded,
    streamsBounded,
    streamsCountForBreaker,
  ],
  mutants: [...QUOTA_MUTANTS, ...CALL_MUTANTS, ...WAIT_MUTANTS, ...STREAM_MUTANTS, ...OUTAGE_MUTANTS],
};
