/** Defect: the default timeout for upstream calls is shorter than specified. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'stress/specified-numbers',
  'specified-timeouts',
  'gives up as specified: groq, conversation-end',
);

if (import.meta.main) await runWithSettings({ UPSTREAM_TIMEOUT_MS: '5000' });
