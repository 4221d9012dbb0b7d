/** Defect: a limit's default differs from the specification. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'rate-limit-admits-exactly-once',
  'admits exactly N: activities-suggest, first window',
);

if (import.meta.main) await runWithSettings({ RATE_LIMIT_ACTIVITIES_SUGGEST: '61/minute' });
