/** Defect: an unknown setting is ignored, so a protection whose name is misspelled stays off. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: ({ CIRCUIT_BREAKERS_ENABLED: _, ...environment }) => loadConfiguration(environment),
});
