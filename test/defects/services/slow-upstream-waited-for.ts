/** Defect: the timeout for upstream calls is twice as long as promised. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', 'times out late answers: llm');

if (import.meta.main) await runWithSettings({ UPSTREAM_TIMEOUT_MS: '4000' });
