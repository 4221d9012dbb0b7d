import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { quickFailure } from '../lib/breaker.ts';
import { context, describedBreakers, distinctClients, isServedWithout, promised } from '../lib/context.ts';
import { hang } from '../lib/hanging-calls.ts';
import { lab } from '../lib/lab.ts';
import { noteRefusal, send } from '../lib/refusals.ts';
import { call } from '../lib/service.ts';
import { atMost, times } from '../lib/wait.ts';
import { GRADUAL_CHECKER } from '../lib/windows.ts';

export { handleSummary } from '../lib/summary.ts';

const LIMITS = Object.keys(context.limits);
const TIMEOUTS = context.timeouts;
promised(LIMITS[0] ?? TIMEOUTS[0], 'limit in this profile, and no timeout of calls that are attempted once');
/**
 * The breakers with a Retry-After, because only it reveals the recovery timeout to clients. Rate-based breakers are
 * excluded, because opening one needs more calls than the limits may allow. So are those whose calls are served by
 * another upstream, or count toward a limit for all clients, which has been used up.
 */
const BREAKERS = describedBreakers().filter(
  ({ retryAfter, threshold, endpoint, upstream }) =>
    retryAfter &&
    threshold !== undefined &&
    !isServedWithout(endpoint, upstream) &&
    context.limits[endpoint]?.clients !== 'together',
);

export const proof: Proof = {
  about:
    'Starts the service with the production numbers, which are its defaults. Uses up each limit, opens each breaker, ' +
    'and makes upstream calls hang. Limits, windows, recovery timeouts and timeouts of calls match the specification.',
  judges: 'specified numbers',
  clients: distinctClients(LIMITS.length + 1),
  seconds: Math.max(5, ...TIMEOUTS.map(({ seconds }) => seconds + 1)),
  conditions: [],
  profile: 'production',
  holds: [
    GRADUAL_CHECKER ?? 'rate-limit-admits-exactly-once',
    'rate-limit-retry-after',
    'specified-timeouts',
    'specified-recovery',
  ],
};

/**
 * Number of requests in a burst beyond the limit, and number of concurrent requests. Both are small, because the bursts
 * of all limits run together and a window lasts a minute.
 */
const [BEYOND, IN_FLIGHT] = [10, 2];
/** The signal that calls hang, so that no call of a burst meets a fault that is meant for them. */
const CALLS_HANG = 'calls hang';

export const options: Options = {
  scenarios: { clients: { executor: 'per-vu-iterations', vus: proof.clients, iterations: 1, maxDuration: '3m' } },
  thresholds: { iterations: [`count==${proof.clients}`] },
};

/**
 * One client for each limit, and one whose calls hang in the meantime. It opens the breakers when they have ended and
 * the others are done.
 */
export default async function (): Promise<void> {
  const limit = LIMITS[__VU - 1];
  if (limit === undefined) return waitAndOpenBreakers();
  await lab.awaitSignal(CALLS_HANG, 60_000);
  const { max } = context.limits[limit] ?? { max: 0 };
  await atMost(IN_FLIGHT, max + BEYOND, () => send(limit, 'first window'));
  await lab.signal(`${limit} is done`);
}

async function waitAndOpenBreakers(): Promise<void> {
  const hanging = [];
  for (const one of TIMEOUTS) hanging.push(await hang(one));
  await lab.signal(CALLS_HANG);
  await Promise.all(hanging.map(({ ended }) => ended));
  for (const limit of LIMITS) await lab.awaitSignal(`${limit} is done`, 60_000);
  for (const breaker of BREAKERS) {
    const { name, upstream, endpoint, opening, refusal } = breaker;
    await breakCalls(upstream, quickFailure(breaker));
    const phase = await lab.phase({ action: 'opening as specified', breaker: name });
    await times(opening.failures, () => call(endpoint, { phase }));
    const tags: ScriptTags = {
      phase: await lab.phase({ when: 'after', of: phase.id }),
      about: `recovery of ${name}`,
    };
    const response = await call(endpoint, tags);
    if (response.status === refusal) noteRefusal(response, tags);
    await lab.heal(upstream);
  }
}
