import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { OUTAGE_HOLDS, OUTAGE_SECONDS, outage, outageThresholds } from '../lib/outage.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'The memory API fails and recovers. The breaker opens after exactly the promised failures in a row, refuses ' +
    'calls, admits one trial, reopens, and closes.',
  judges: 'memory API outages',
  clients: 1,
  seconds: OUTAGE_SECONDS,
  conditions: ['no-rate-limits'],
  breaker: 'memory',
  holds: OUTAGE_HOLDS,
};

export const options: Options = {
  scenarios: { outage: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: outageThresholds('memory'),
};

export default (): Promise<void> => outage('memory');
