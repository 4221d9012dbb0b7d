/** Defect: an open breaker never becomes half-open. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600' });
