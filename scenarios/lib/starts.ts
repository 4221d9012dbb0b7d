import { Counter } from 'k6/metrics';
import type { Proof } from '../../harness/contract/proof.ts';
import { lab } from './lab.ts';
import { runOnce } from './run-once.ts';
import { steady } from './steady.ts';

const tried = new Counter('starts_tried');

export const startsOptions = runOnce({ thresholds: { starts_tried: ['count>1'] } });

/** The estimated duration of an attempt, and how long it may take until the script is stopped, in seconds. */
const [USUAL, LONGEST] = [0.2, 2];

/** Returns the estimated duration of a number of attempts, and the time that they may take in addition. */
export const startsTake = (starts: object): Pick<Proof, 'seconds' | 'patienceSeconds'> => {
  const attempts = 1 + Object.keys(starts).length;
  return { seconds: 2 + attempts * USUAL, patienceSeconds: attempts * LONGEST };
};

/**
 * Tries to start the service with changed or (if null) missing settings, each time in a separate phase, while the
 * service itself keeps running. Nothing else is needed: an endpoint that is not served does not matter.
 */
export async function tryStarts(starts: Record<string, Record<string, string | null>>): Promise<void> {
  await steady('steady', {});
  for (const [about, settings] of Object.entries(starts)) {
    await lab.phase({ action: 'start', settings: about });
    await lab.tryStart(about, settings);
    tried.add(1);
  }
  await steady('steady again');
}
