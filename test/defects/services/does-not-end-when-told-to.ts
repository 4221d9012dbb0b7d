/** Defect: SIGTERM is ignored. */
import { runWithParts } from '../run-with.ts';

await runWithParts(() => ({}));
process.removeAllListeners('SIGTERM');
process.on('SIGTERM', () => {});
