import type { Options } from 'k6/options';
import { breakerNames } from '../lib/breaker.ts';
import { failurePolicy, onlyAbout } from '../lib/failure-policy.ts';
import type { Proof } from '../lib/proof.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'An upstream that answers 429 is overloaded: where that is to count, it opens the breaker like any failure.',
  clients: 1,
  conditions: ['no-rate-limits', 'count-429'],
  holds: ['steady-state', 'failure-policy', 'recovers'],
};

const BREAKERS = breakerNames();

export const options: Options = {
  scenarios: { policy: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const name of BREAKERS) await failurePolicy(name, onlyAbout('failures', { kind: 'status', status: 429 }));
  await steady('steady again');
}
