import type { Proof } from '../../harness/contract/proof.ts';
import { breakerUnderTest } from '../lib/context.ts';
import { OUTAGE_HOLDS, outage, outagePlan, outageSeconds, outageThresholds } from '../lib/outage.ts';
import { runOnce } from '../lib/run-once.ts';

export { handleSummary } from '../lib/summary.ts';

const breaker = breakerUnderTest();

export const proof: Proof = {
  about:
    'The upstream of a breaker fails and recovers. The breaker opens after exactly the promised failures, ' +
    'refuses calls, admits one trial, reopens, and closes.',
  judges: 'outages of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: outageSeconds(breaker),
  conditions: ['no-rate-limits'],
  holds: OUTAGE_HOLDS,
  plan: outagePlan(breaker),
};

export const options = runOnce({ thresholds: outageThresholds(breaker) });

export default (): Promise<void> => outage(breaker);
