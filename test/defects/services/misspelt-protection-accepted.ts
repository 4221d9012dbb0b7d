/** Defect: a setting that there is not is passed over, and with it the protection that it was meant for. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: ({ CIRCUIT_BREAKERS_ENABLED: _, ...environment }) => loadConfiguration(environment),
});
