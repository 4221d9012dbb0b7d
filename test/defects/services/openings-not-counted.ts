/** Defect: /metrics does not count how often a breaker opens. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'thresholds', 'threshold openings_counted');

if (import.meta.main)
  await runWithParts(({ metrics }) => {
    metrics.breakerOpenings.inc = () => {};
    return {};
  });
