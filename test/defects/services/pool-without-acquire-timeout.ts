/** Defect: who finds no connection free waits for as long as it takes. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ DATABASE_ACQUIRE_TIMEOUT_MS: '3600000' });
