import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { breakCalls } from '../lib/break-calls.ts';
import { context, find, isHttp, promised } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { dilute } from '../lib/prime.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pause, until } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

type Restarted = PlannedAction<'accepts work, restarted'> & { signal: 'SIGTERM' | 'SIGKILL' };
type Work = PlannedAction<'accepts work'> | Restarted;

/** The endpoints that promise it with each upstream that gets their work, and with the last of them also restarted. */
const PLAN = Object.entries(context.endpoints).flatMap(([endpoint, { finishesLater }]): Work[] => {
  if (!finishesLater) return [];
  const { upstreams, survives: signal } = finishesLater;
  const paths = upstreams.filter(isHttp).map((upstream) => ({ endpoint, upstream }));
  const [last] = paths.slice(-1);
  const plain = paths.map((path) => ({ action: 'accepts work', ...path }) as const);
  return signal && last ? [...plain, { action: 'accepts work, restarted', signal, ...last }] : plain;
});
promised(PLAN[0], 'endpoint that finishes accepted work by itself (endpoints.NAME.finishesLater)');

/**
 * How much longer than promised the script waits for missing work, in milliseconds. The machine may delay it by as much
 * as the promised time, and for some seconds more.
 */
const LATER_MS = 5_000;
/** The estimated durations of a restart and of everything else on a path, in seconds. */
const RESTART = 1.5;
const OTHER = 0.7;

/** Seconds within which the work of an endpoint is finished once the upstream works again. */
const secondsOf = ({ endpoint }: Work): number => find(context.endpoints, endpoint).finishesLater?.withinSeconds ?? 0;

export const proof: Proof = {
  about:
    'An upstream fails, but an endpoint still accepts work. Once the upstream has recovered, the service finishes ' +
    'the work without another call: each upstream gets exactly one successful request for it.',
  judges: 'work that is finished later',
  clients: 1,
  seconds: 2 + PLAN.reduce((sum, work) => sum + secondsOf(work) + OTHER + ('signal' in work ? RESTART : 0), 0),
  patienceSeconds: PLAN.reduce((sum, work) => sum + 3 * secondsOf(work) + LATER_MS / 1_000, 0),
  conditions: ['no-rate-limits', 'background-work'],
  holds: ['steady-state', 'work-accepted', 'work-finished', 'work-finished-once', 'recovers'],
  plan: PLAN,
};

export default async function (): Promise<void> {
  await steady('steady', { any: PLAN.map(({ endpoint }) => endpoint) });
  for (const work of working(PLAN)) await acceptAndFinish(work);
  await steady('steady again');
}

/**
 * Makes one call while the upstream fails, and no other until the work must have been finished, and for the same time
 * after it, so that all requests that arrive are for this call.
 */
async function acceptAndFinish(work: Work): Promise<void> {
  const { endpoint, upstream } = work;
  const waitMs = secondsOf(work) * 1_000;
  await dilute(upstream, endpoint);
  // Earlier calls may be finished in the background as well.
  if (!find(context.endpoints, endpoint).reaches.includes(upstream)) await pause(waitMs);
  const phase = await lab.phase(work);
  const before = await lab.arrivals(upstream);
  await breakCalls(upstream, find(context.upstreams, upstream).repeatedFailure);
  await call(endpoint, { phase });
  await until(async () => (await lab.arrivals(upstream)) > before, waitMs);
  if ('signal' in work) await lab.restartService(work.signal);
  await lab.phase({ when: 'after', of: phase.id });
  await lab.heal(upstream);
  // Attempts that arrive before it is healed still fail.
  const failed = await lab.arrivals(upstream);
  await until(async () => (await lab.arrivals(upstream)) > failed, 2 * waitMs + LATER_MS);
  await pause(waitMs);
  await dilute(upstream, endpoint);
}
