/** Defect: a breaker opens one failure early. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-stays-closed', 'stays closed below', {
  says: 'It opens early, after 4 failures in a row instead of 5',
});

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '4' });
