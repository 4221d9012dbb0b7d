/** Defect: waiting for a connection has no timeout. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_ACQUIRE_TIMEOUT_MS: '3600000' });
