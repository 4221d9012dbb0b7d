/** Defect: a weak key is rejected without an explanation. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => {
    try {
      return loadConfiguration(environment);
    } catch {
      process.exit(2);
    }
  },
});
