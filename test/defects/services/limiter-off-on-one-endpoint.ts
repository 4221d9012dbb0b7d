/** Defect: one endpoint has no limiter. */
import { noRateLimit } from '../../../service/protections/rate-limit.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-admits-exactly',
  'admits exactly N: activities-suggest, first window',
  { inTests: true },
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({ limiters: { ...limiters, activitiesSuggest: noRateLimit } }));
