import type { Options } from 'k6/options';
import { breakerNames } from './context.ts';
import { failurePolicy, onlyAbout, type Policy } from './failure-policy.ts';
import { steady } from './steady.ts';

const BREAKERS = breakerNames();

export const tooManyRequestsOptions: Options = {
  scenarios: { policy: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

/** How long a breaker is open is its own affair, whatever an upstream asks for. */
const COME_BACK_TOMORROW = { kind: 'status', status: 429, retryAfter: { seconds: 86_400 } };

/** What a 429 of its upstream is to each breaker, under the setting by which it is a failure, or ignored. */
export async function tooManyRequests(part: keyof Policy): Promise<void> {
  await steady('steady');
  for (const name of BREAKERS) await failurePolicy(name, onlyAbout(part, COME_BACK_TOMORROW));
  await steady('steady again');
}
