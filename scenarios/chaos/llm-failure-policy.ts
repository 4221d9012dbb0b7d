import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { findBreaker } from '../lib/context.ts';
import { failurePolicy, policySeconds } from '../lib/failure-policy.ts';
import { steady } from '../lib/steady.ts';

export { handleSummary } from '../lib/summary.ts';

const policy = findBreaker('llm');

export const proof: Proof = {
  about:
    'The LLM API fails in every way that the contract names. The breaker counts the failure, ignores it, or ' +
    'treats it as a success, as promised.',
  judges: 'kinds of LLM failures',
  clients: 1,
  seconds: 2 + policySeconds(policy),
  conditions: ['no-rate-limits'],
  breaker: 'llm',
  holds: ['steady-state', 'failure-policy', 'recovers'],
};

export const options: Options = {
  scenarios: { policy: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '30m' } },
  thresholds: { iterations: ['count==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  await failurePolicy('llm', policy);
  await steady('steady again');
}
