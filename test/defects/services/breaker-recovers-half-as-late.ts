/** Defect: the recovery timeout is half as long as promised. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1' });
