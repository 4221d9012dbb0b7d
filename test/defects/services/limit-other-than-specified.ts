/** Defect: a limit's default differs from the specification. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_ACTIVITIES_SUGGEST: '61/minute' });
