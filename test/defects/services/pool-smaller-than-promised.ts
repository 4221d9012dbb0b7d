/** Defect: the pool never opens as many connections as it may. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_POOL_MAX: '4' });
