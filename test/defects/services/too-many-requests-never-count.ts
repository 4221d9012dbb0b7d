/** Defect: a 429 never counts as a failure, regardless of the setting. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/count-429', 'failure-policy', 'counts as failures for llm: status 429', {
  inTests: true,
});

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_COUNT_429: 'False' });
