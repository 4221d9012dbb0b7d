/** Defect: the pool opens fewer connections than promised. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-ceiling', 'pool reaches its maximum');

if (import.meta.main) await runWithSettings({ DATABASE_POOL_MAX: '4' });
