/** Defect: the timeout for upstream calls is half as long as promised. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/slow-upstream',
  'slow-upstream-bounded',
  'serves answers within the timeout: llm',
);

if (import.meta.main) await runWithSettings({ UPSTREAM_TIMEOUT_MS: '1000' });
