import type { Proof } from '../../harness/contract/proof.ts';
import { lab } from '../lib/lab.ts';
import { capacity, load } from '../lib/load.ts';
import { pause } from '../lib/wait.ts';

export { options } from '../lib/run-once.ts';
export { handleSummary } from '../lib/summary.ts';

export const proof: Proof = {
  about: 'Raises the request rate until the latency objective is missed. The service sustains the promised rate.',
  judges: 'capacity',
  clients: 1,
  seconds: 60,
  conditions: ['no-rate-limits'],
  alone: true,
  keepsConnections: true,
  holds: ['bears-its-load'],
};

/** Multiples of the promised load: the first step and the maximum. */
const [FIRST, MOST] = [0.5, 40];
/** Growth factor per step, seconds per step, and number of attempts after which a step counts as missed. */
const [GROWTH, STEP_SECONDS, ATTEMPTS] = [1.5, 2, 2];
/** Pause between two attempts, in milliseconds, so that unfinished requests of one don't add load to the next. */
const REST_MS = 1_000;

export default async function (): Promise<void> {
  const phase = await lab.phase({ action: 'warm-up' });
  await load(capacity.requestsPerSecond * FIRST, STEP_SECONDS, { phase });
  const promised = capacity.requestsPerSecond;
  for (let rate = promised * FIRST; rate <= promised * MOST; rate = nextStep(rate)) {
    if (!(await isBorne(rate))) return;
  }
}

/** Returns the next rate. The promised load itself is one of the steps. */
const nextStep = (rate: number): number =>
  rate < capacity.requestsPerSecond ? Math.min(rate * GROWTH, capacity.requestsPerSecond) : Math.round(rate * GROWTH);

async function isBorne(rate: number): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const phase = await lab.phase({ action: 'step', rate, round: attempt });
    if (await load(rate, STEP_SECONDS, { phase, rate: String(rate) })) return true;
    await pause(REST_MS);
  }
  return false;
}
