/** Defect: the recovery timeout is half as long as promised. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-opens', 'refuses while open');

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1' });
