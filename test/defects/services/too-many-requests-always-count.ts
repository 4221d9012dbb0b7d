/** Defect: a 429 counts as a failure, regardless of the setting. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/ignore-429', 'failure-policy', 'ignored by memory: status 429', {
  inTests: true,
});

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_COUNT_429: 'True' });
