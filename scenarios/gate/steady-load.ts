import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import type { Proof } from '../../harness/contract/proof.ts';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { times } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

/** Calls of each endpoint. The first ones, in which the service compiles code and connects, are not measured. */
const [WARM_UP, MEASURED] = [50, 200];
/**
 * The process behind the control call outlives a round, and its code keeps being optimised. Without this warm-up it
 * became a quarter faster over ten rounds, which hid a service that had become slower by as much.
 */
const CONTROL_WARM_UP = 2_000;

export const proof: Proof = {
  about: 'Calls every endpoint repeatedly, one call at a time. All calls are served; the gate compares how fast.',
  judges: 'speed under steady load',
  clients: 1,
  seconds: 15,
  alone: true,
  keepsConnections: true,
  conditions: ['no-rate-limits'],
  holds: ['load-served'],
};

/** Milliseconds of a call that does not use the service: the current speed of the machine. */
const controlMs = new Trend('control_ms');

export const options: Options = {
  scenarios: { load: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: { iterations: ['count==1'] },
};

// One call at a time, so that the script itself causes no queue.
export default async function (): Promise<void> {
  await lab.phase('warm-up');
  await times(WARM_UP, () => callEach('warm-up'));
  await times(CONTROL_WARM_UP, () => lab.control());
  await lab.phase('measured');
  await times(MEASURED, async () => {
    await callEach('measured');
    controlMs.add(await lab.control());
  });
}

async function callEach(phase: string): Promise<void> {
  for (const endpoint of Object.keys(context.endpoints)) await call(endpoint, { phase });
}
