/** Defect: each replica counts in its own memory, whatever store is set, so two of them admit twice as many. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_STORE: 'memory' });
