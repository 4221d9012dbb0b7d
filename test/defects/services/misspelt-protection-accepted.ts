/** Defect: a setting that there is not is passed over, and with it the protection that it was meant for. */
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: ({ CIRCUIT_BREAKERS_ENABLED: _, ...environment }) => loadConfiguration(environment),
});
