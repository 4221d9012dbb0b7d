/** Defect: waiting for a connection has no timeout. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-refuses-the-rest', 'pool refuses the rest in time');

if (import.meta.main) await runWithSettings({ DATABASE_ACQUIRE_TIMEOUT_MS: '3600000' });
