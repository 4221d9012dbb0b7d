/** Defect: without ENVIRONMENT, the service takes itself to be in development, where unsafe settings are allowed. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => loadConfiguration({ ENVIRONMENT: 'development', ...environment }),
});
