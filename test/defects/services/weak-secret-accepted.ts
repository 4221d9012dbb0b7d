/** Defect: the service believes that it runs in development, where any secret key is accepted. */

import { caughtBy } from '../defect.ts';
import { runWithSettings } from '../run-with.ts';

export const caught = caughtBy('chaos/weak-secret', 'weak-secret-refused', 'refuses to start: empty', {
  inTests: true,
});

if (import.meta.main) await runWithSettings({ ENVIRONMENT: 'development' });
