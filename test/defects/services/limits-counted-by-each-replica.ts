/**
 * Defect: each replica counts in its own memory, regardless of the configured store, so two replicas allow twice as
 * many requests.
 */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_STORE: 'memory' });
