/** Defect: SIGTERM ends the process at once, also during requests. */
import { runWithParts } from '../run-with.ts';

process.prependListener('SIGTERM', () => process.exit(0));
await runWithParts(() => ({}));
