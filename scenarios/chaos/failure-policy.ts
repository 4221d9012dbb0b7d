import type { Proof } from '../../harness/contract/proof.ts';
import { breakerUnderTest } from '../lib/context.ts';
import { failurePolicy, policyPlan, policySeconds } from '../lib/failure-policy.ts';
import { poseAfter, posesAfter } from '../lib/impostors.ts';
import { steady } from '../lib/steady.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

const breaker = breakerUnderTest(true);
/** The trouble after which bad certificates are presented. */
const TROUBLE = 'its failures';

export const proof: Proof = {
  about:
    'The upstream of a breaker fails in every way that the contract names. The breaker counts the failure, ignores ' +
    'it, or treats it as a success, as promised. After that, certificates are still verified.',
  judges: 'kinds of failures of ${breaker}',
  each: 'breaker',
  clients: 1,
  seconds: 2 + policySeconds(breaker),
  conditions: ['no-rate-limits'],
  holds: [
    'steady-state',
    'upstream-attempts',
    'failure-policy',
    'trial-waited-for',
    'impostor-gets-nothing',
    'recovers',
  ],
  plan: [...policyPlan(breaker, breaker), ...posesAfter(TROUBLE, [breaker])],
};

export default async function (): Promise<void> {
  await steady('steady', { each: [breaker.endpoint] });
  await failurePolicy(breaker, breaker);
  await poseAfter(TROUBLE, [breaker]);
  await steady('steady again');
}
