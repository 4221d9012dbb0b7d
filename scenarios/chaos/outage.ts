import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakerUnderTest } from '../lib/context.ts';
import { OUTAGE_HOLDS, outage, outagePlan, outageSeconds, outageThresholds } from '../lib/outage.ts';

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

export const options: Options = {
  scenarios: { outage: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: outageThresholds(breaker),
};

export default (): Promise<void> => outage(breaker);
