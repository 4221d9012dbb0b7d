/** Defect: the default limit is per hour. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_DEFAULT: '100/hour' });
