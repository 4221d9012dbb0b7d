import { Counter } from 'k6/metrics';
import { lab } from './lab.ts';
import { runOnce } from './run-once.ts';
import { steady } from './steady.ts';

const tried = new Counter('starts_tried');

export const startsOptions = runOnce({ thresholds: { starts_tried: ['count>1'] } });

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
