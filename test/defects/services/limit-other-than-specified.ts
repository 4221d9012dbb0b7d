/** Defect: where nothing sets a limit, it is not the specification's. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_ACTIVITIES_SUGGEST: '61/minute' });
