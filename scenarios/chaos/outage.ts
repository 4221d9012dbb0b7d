import type { Proof } from '../../harness/contract/proof.ts';
import { breakerUnderTest } from '../lib/context.ts';
import { outage, outageHolds, outagePlan, outageSeconds, outageThresholds } from '../lib/outage.ts';
import { outageWithRetries, RETRIED_HOLDS, retriedPlan, retriedSeconds } from '../lib/outage-with-retries.ts';
import { runOnce } from '../lib/run-once.ts';

export { handleSummary } from '../lib/summary.ts';

const breaker = breakerUnderTest(true);
/** Whether it has a failure that is never repeated, so that each call makes one request. */
const { isJudged } = breaker;

export const proof: Proof = {
  about:
    'The upstream of a breaker fails and recovers. The breaker opens after exactly the promised failures, ' +
    'refuses calls, admits one trial, reopens, and closes. If all failures are repeated, attempts are counted.',
  judges: 'outages of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: isJudged ? outageSeconds(breaker) : retriedSeconds(breaker),
  conditions: ['no-rate-limits'],
  holds: isJudged ? outageHolds(breaker) : RETRIED_HOLDS,
  plan: isJudged ? outagePlan(breaker) : retriedPlan(breaker),
};

export const options = runOnce(isJudged ? { thresholds: outageThresholds(breaker) } : {});

export default (): Promise<void> => (isJudged ? outage(breaker) : outageWithRetries(breaker));
