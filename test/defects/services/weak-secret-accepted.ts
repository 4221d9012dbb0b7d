/** Defect: any secret key is accepted. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/weak-secret', 'weak-secret-refused', 'refuses to start: empty', {
  inTests: true,
});

if (import.meta.main) await runWithSettings({ SECRET_KEY: 'a secret key of another making, long enough' });
