/** Defect: where nothing sets the recovery timeout, it is not the specification's. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' });
