/** Defect: the pool opens any number of connections. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-ceiling', 'pool never passes its maximum', {
  inTests: true,
});

if (import.meta.main) await runWithSettings({ DATABASE_POOL_MAX: '80' });
