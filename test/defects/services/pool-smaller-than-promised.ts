/** Defect: the pool opens fewer connections than promised. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_POOL_MAX: '4' });
