/** Defect: a breaker opens one failure late. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/memory-outage', 'breaker-opens', 'opens at the threshold', {
  says: 'It opens late, after 6 failures in a row instead of 5',
  inTests: true,
});

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '6' });
