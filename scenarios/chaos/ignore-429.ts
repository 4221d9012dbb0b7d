import type { Options } from 'k6/options';
import { breakerNames } from '../lib/breaker.ts';
import { failurePolicy, onlyAbout } from '../lib/failure-policy.ts';
import type { Proof } from '../lib/proof.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'An upstream that answers 429 blames its caller: where that is not to count, it neither opens a breaker nor ends a row.',
  clients: 1,
  conditions: ['no-rate-limits', 'ignore-429'],
  holds: ['steady-state', 'failure-policy', 'recovers'],
};

const BREAKERS = breakerNames();

export const options: Options = {
  scenarios: { policy: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const name of BREAKERS) await failurePolicy(name, onlyAbout('ignored', { kind: 'status', status: 429 }));
  await steady('steady again');
}
