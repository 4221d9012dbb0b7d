/** Defect: the default recovery timeout differs from the specification. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' });
