import type { Proof } from '../../harness/contract/proof.ts';
import { httpBreakers } from '../lib/context.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { tooManyRequests, tooManyRequestsPlan } from '../lib/too-many-requests.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'An upstream responds with 429 while the service is configured to count it as a failure. The breaker opens.',
  judges: '429 counted as a failure',
  clients: 1,
  seconds: 2 + httpBreakers().length * (RECOVERY + 1),
  conditions: ['no-rate-limits', 'count-429'],
  holds: ['steady-state', 'failure-policy', 'recovers'],
  plan: tooManyRequestsPlan('failures'),
};

export default (): Promise<void> => tooManyRequests('failures');
