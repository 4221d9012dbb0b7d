/** Defect: a weak key is rejected without an explanation. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/weak-secret', 'weak-secret-refused', 'refuses to start: the-default-key');

if (import.meta.main)
  await runService({
    configure: (environment) => {
      try {
        return loadConfiguration(environment);
      } catch {
        process.exit(2);
      }
    },
  });
