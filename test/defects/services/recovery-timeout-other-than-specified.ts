/** Defect: the default recovery timeout differs from the specification. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/specified-numbers', 'specified-recovery', 'says how long it stays open: llm');

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' });
