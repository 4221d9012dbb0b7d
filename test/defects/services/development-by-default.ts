/** Defect: without ENVIRONMENT, the service takes itself to be in development, where unsafe settings are allowed. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/unsafe-start',
  'unsafe-start-refused',
  'refuses to start: no-environment-and-unverified-upstreams',
);

if (import.meta.main)
  await runService({
    configure: (environment) => loadConfiguration({ ENVIRONMENT: 'development', ...environment }),
  });
