/** Defect: a 429 never counts as a failure, regardless of the setting. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ CIRCUIT_BREAKER_COUNT_429: 'False' });
