/** Defect: the default of a limit differs from the specification. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_ACTIVITIES_SUGGEST: '61/minute' });
