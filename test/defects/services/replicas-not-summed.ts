/** Defect: the pool size is checked as if there were only one replica. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/unsafe-start',
  'unsafe-start-refused',
  'refuses to start: pools-of-all-replicas-that-it-has-no-room-for',
);

if (import.meta.main) await runWithSettings({ REPLICAS: '1' });
