import type { Proof } from '../../harness/contract/proof.ts';
import { breakerUnderTest } from '../lib/context.ts';
import { failurePolicy, policyPlan, policySeconds } from '../lib/failure-policy.ts';
import { steady } from '../lib/steady.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const breaker = breakerUnderTest(true);

export const proof: Proof = {
  about:
    'The upstream of a breaker fails in every way that the contract names. The breaker counts the failure, ignores ' +
    'it, or treats it as a success, as promised.',
  judges: 'kinds of failures of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: 2 + policySeconds(breaker),
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'upstream-attempts', 'failure-policy', 'trial-waited-for', 'recovers'],
  plan: policyPlan(breaker, breaker),
};

export default async function (): Promise<void> {
  await steady('steady', { each: [breaker.endpoint] });
  await failurePolicy(breaker, breaker);
  await steady('steady again');
}
