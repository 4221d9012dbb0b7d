import type { PlannedAction } from '../../harness/contract/phases.ts';
import { httpBreakers } from './context.ts';
import { failurePolicy, onlyAbout, type Policy, policyPlan } from './failure-policy.ts';
import { steady } from './steady.ts';
import { working } from './working.ts';

const BREAKERS = httpBreakers();

/** An upstream's Retry-After must not change how long a breaker stays open. */
const COME_BACK_TOMORROW = { kind: 'status', status: 429, retryAfter: { seconds: 86_400 } };

/** Returns the phases of `tooManyRequests` that checkers judge. */
export const tooManyRequestsPlan = (part: keyof Policy): PlannedAction[] =>
  BREAKERS.flatMap((breaker) => policyPlan(breaker, onlyAbout(part, COME_BACK_TOMORROW)));

/** Tests each breaker with a 429 from its upstream, with the setting that counts it as a failure or ignores it. */
export async function tooManyRequests(part: keyof Policy): Promise<void> {
  await steady('steady', { any: BREAKERS.map(({ endpoint }) => endpoint) });
  for (const breaker of working(BREAKERS)) await failurePolicy(breaker, onlyAbout(part, COME_BACK_TOMORROW));
  await steady('steady again');
}
