import type { Proof } from '../../harness/contract/proof.ts';
import { httpBreakers } from '../lib/context.ts';
import { RECOVERY } from '../lib/lasting.ts';
import { tooManyRequests, tooManyRequestsPlan } from '../lib/too-many-requests.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'An upstream responds with 429 while the service is configured to ignore it. The responses do not change the count of ' +
    'consecutive failures.',
  judges: '429 ignored',
  clients: 1,
  seconds: 2 + httpBreakers().length * RECOVERY,
  conditions: ['no-rate-limits', 'ignore-429'],
  holds: ['steady-state', 'failure-policy', 'recovers'],
  plan: tooManyRequestsPlan('ignored'),
};

export default (): Promise<void> => tooManyRequests('ignored');
