/** Defect: a breaker opens one failure early. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '4' });
