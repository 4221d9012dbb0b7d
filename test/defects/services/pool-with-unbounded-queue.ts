/** Defect: any number of queries may wait for a connection. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-refuses-the-rest', 'pool bounds its queue');

if (import.meta.main) await runWithSettings({ DATABASE_QUEUE_MAX: '1000000' });
