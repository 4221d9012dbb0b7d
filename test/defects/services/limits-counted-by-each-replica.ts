/** Defect: each replica counts in its own memory, whatever store is set: two of them admit twice as much. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_STORE: 'memory' });
