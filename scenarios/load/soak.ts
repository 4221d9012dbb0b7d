import { Trend } from 'k6/metrics';
import type { Begun } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { context } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { capacity, load } from '../lib/load.ts';
import { readGauge, tagsOf } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { pauseUntil, times } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Sends half of the promised rate for a long time. All calls are served in time, without growing latency, ' +
    'memory or connections.',
  judges: 'long load',
  clients: 1,
  seconds: 10 + capacity.soakSeconds,
  conditions: ['no-rate-limits'],
  alone: true,
  keepsConnections: true,
  holds: ['steady-state', 'bears-a-soak', 'recovers'],
};

/** Share of the promised load. */
const SHARE = 0.5;
/** Duration of the warm-up in seconds, and seconds between two samples of the machine's speed and the memory. */
const [WARM_UP_SECONDS, LOOK_SECONDS] = [3, 0.5];

const memoryBytes = new Trend('memory_bytes');
/** Duration of a call that doesn't use the service, in milliseconds. This reflects the machine's current speed. */
const controlMs = new Trend('control_ms');

const seconds = capacity.soakSeconds;

export default async function (): Promise<void> {
  const rate = capacity.requestsPerSecond * SHARE;
  await steady('steady', { each: [capacity.endpoint] });
  const warmUp = await lab.phase({ action: 'warm-up' });
  await load(rate, WARM_UP_SECONDS, { phase: warmUp });
  const phase = await lab.phase({ action: 'soak' });
  await Promise.all([load(rate, seconds, { phase, about: 'load' }), look(phase)]);
  await steady('steady again');
}

async function look(phase: Begun): Promise<void> {
  const began = Date.now();
  await times(Math.floor(seconds / LOOK_SECONDS), async (index) => {
    await pauseUntil(began + index * LOOK_SECONDS * 1_000);
    controlMs.add(await lab.control(), tagsOf({ phase }));
    if (!context.memory) return;
    memoryBytes.add(await readGauge(context.memory, { phase, about: 'memory' }), tagsOf({ phase }));
  });
}
