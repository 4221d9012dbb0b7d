/** Defect: SIGTERM ends the process at once, also during requests. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/termination', 'in-flight-at-end', 'requests in progress at SIGTERM');

if (import.meta.main) {
  process.prependListener('SIGTERM', () => process.exit(0));
  await runWithParts(() => ({}));
}
