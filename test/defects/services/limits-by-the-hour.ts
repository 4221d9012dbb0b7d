/** Defect: the default limit is one of an hour. */
import { runWithSettings } from '../run-with.ts';

await runWithSettings({ RATE_LIMIT_DEFAULT: '100/hour' });
