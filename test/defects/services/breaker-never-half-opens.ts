/** Defect: an open breaker never becomes half-open. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-admits-one-trial', 'admits one trial', { inTests: true });

if (import.meta.main) await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600' });
