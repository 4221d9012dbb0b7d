/** Defect: a breaker opens one failure late. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '6' });
