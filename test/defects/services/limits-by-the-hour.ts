/** Defect: the default limit is per hour. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'rate-limit-retry-after',
  'correct Retry-After: conversation-read',
);

if (import.meta.main) await runWithSettings({ RATE_LIMIT_DEFAULT: '100/hour' });
