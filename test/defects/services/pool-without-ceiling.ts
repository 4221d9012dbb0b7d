/** Defect: the pool opens any number of connections. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_POOL_MAX: '80' });
