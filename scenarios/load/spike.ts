import type { Proof } from '../../harness/contract/proof.ts';
import { healthEndpoints } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { capacity, load } from '../lib/load.ts';
import { steady } from '../lib/steady.ts';
import { whileCalling } from '../lib/while-calling.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about:
    'Sends ten times the promised rate for two seconds. Each request is served or rejected, and the latency soon ' +
    'returns to normal.',
  judges: 'load spikes',
  clients: 1,
  seconds: 10,
  conditions: ['no-rate-limits'],
  alone: true,
  keepsConnections: true,
  holds: ['steady-state', 'survives-a-spike', 'recovers'],
};

/** Multiples of the promised load: before and after the spike, and during it. */
const [CALM, SPIKE] = [0.5, 10];
/**
 * Duration of the spike and of each sample before and after it, in seconds, and maximum number of samples until the
 * service has recovered.
 */
const [SPIKE_SECONDS, LOOK_SECONDS, LOOKS] = [2, 1, 10];

export default async function (): Promise<void> {
  const promised = capacity.requestsPerSecond;
  await steady('steady', { each: [capacity.endpoint] });
  const before = await lab.phase({ action: 'calm before' });
  await load(promised * CALM, 2 * LOOK_SECONDS, { phase: before });
  const spike = await lab.phase({ action: 'spike' });
  await whileCalling(healthEndpoints(), 100, { phase: spike, about: 'health' }, () =>
    load(promised * SPIKE, SPIKE_SECONDS, { phase: spike, about: 'spike' }),
  );
  const after = await lab.phase({ action: 'calm after' });
  for (let look = 1; look <= LOOKS; look += 1) {
    if (await load(promised * CALM, LOOK_SECONDS, { phase: after, look: String(look) })) break;
  }
  await steady('steady again');
}
