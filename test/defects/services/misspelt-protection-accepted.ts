/** Defect: an unknown setting is ignored, so a protection whose name is misspelled stays off. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/unsafe-start', 'unsafe-start-refused', 'refuses to start: a-misspelt-protection');

if (import.meta.main)
  await runService({
    configure: ({ CIRCUIT_BREAKERS_ENABLED: _, ...environment }) => loadConfiguration(environment),
  });
