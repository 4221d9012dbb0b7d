import { Trend } from 'k6/metrics';
import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { call } from '../lib/service.ts';
import { times } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

/**
 * Number of warm-up calls and of measured calls to each endpoint. During the warm-up, the service is still compiling
 * code and opening connections.
 */
const [WARM_UP, MEASURED] = [50, 200];
/**
 * Number of control calls before the first round. The process that handles them outlives a round, and its code keeps
 * being optimized. Without this warm-up, it became 25% faster over ten rounds, which hid an equally large slowdown of a
 * service.
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

/** Duration of a call that doesn't use the service, in milliseconds. This reflects the machine's current speed. */
const controlMs = new Trend('control_ms');

// One call at a time, so that the script itself causes no queueing.
export default async function (): Promise<void> {
  const warmUp = await lab.phase({ action: 'warm-up' });
  await times(WARM_UP, () => callEach(warmUp));
  await times(CONTROL_WARM_UP, () => lab.control());
  const measured = await lab.phase({ action: 'measured' });
  await times(MEASURED, async () => {
    await callEach(measured);
    controlMs.add(await lab.control());
  });
}

async function callEach(phase: Begun): Promise<void> {
  for (const endpoint of Object.keys(context.endpoints)) await call(endpoint, { phase });
}
