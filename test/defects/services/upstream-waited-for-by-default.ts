/** Defect: without settings, an upstream call may take five minutes. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'specified-timeouts',
  'gives up as specified: mem0, activities-suggest',
);

if (import.meta.main) await runWithSettings({ UPSTREAM_TIMEOUT_MS: '300000', UPSTREAM_BUDGET_MS: '300000' });
