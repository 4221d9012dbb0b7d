/** Defect: the pool opens as many connections as are asked for. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_POOL_MAX: '80' });
