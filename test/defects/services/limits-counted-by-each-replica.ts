/**
 * Defect: each replica counts in its own memory, whatever store is configured, so two replicas allow twice as many
 * requests.
 */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_STORE: 'memory' });
