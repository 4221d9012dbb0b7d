import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { type Fault, pathsToUpstreams } from '../lib/context.ts';
import { failOnce } from '../lib/failing-call.ts';
import { steady } from '../lib/steady.ts';
import { pause } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Upstreams fail, with all kinds of values in Retry-After. Each request makes one upstream call, no caller ' +
    'waits for Retry-After, and no caller gets a false success.',
  judges: 'retries',
  clients: 1,
  seconds: 10,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'upstream-called-once', 'faults-answered', 'faults-answered-in-time', 'recovers'],
};

const PATHS = pathsToUpstreams();

const DAY = 86_400;
/** Failures, by the hint that they give the caller. They last until healed, so that a retry fails as well. */
const FAILURES: Record<string, Fault> = {
  'plain-500': { kind: 'status', status: 500 },
  reset: { kind: 'reset' },
  '429-at-once': { kind: 'status', status: 429, retryAfter: { seconds: 0 } },
  '429-tomorrow': { kind: 'status', status: 429, retryAfter: { seconds: DAY } },
  '429-yesterday': { kind: 'status', status: 429, retryAfter: { dateInSeconds: -DAY } },
  '503-next-year': { kind: 'status', status: 503, retryAfter: { dateInSeconds: 365 * DAY } },
  '503-soon': { kind: 'status', status: 503, retryAfter: { seconds: 1 } },
};
/** Number of milliseconds within which a retry that is delayed by a second arrives. */
const PUT_OFF_MS = 1_200;

const servedAgain = new Rate('served_once_healed');

export const options: Options = {
  scenarios: { failures: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '20m' } },
  thresholds: { served_once_healed: ['rate==1'] },
};

export default async function (): Promise<void> {
  await steady('steady');
  for (const path of PATHS) {
    for (const [name, fault] of Object.entries(FAILURES)) {
      servedAgain.add(await failOnce({ ...path, name, fault }));
    }
    await pause(PUT_OFF_MS);
  }
  await steady('steady again');
}
