/** Defect: SIGTERM is ignored. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/termination', 'ends-when-told-to', 'exits on SIGTERM');

if (import.meta.main) {
  await runWithParts(() => ({}));
  process.removeAllListeners('SIGTERM');
  process.on('SIGTERM', () => {});
}
