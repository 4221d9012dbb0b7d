/** Defect: a breaker that is open stays so. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600' });
