/** Defect: the database certificate is not verified. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => {
    const configuration = loadConfiguration(environment);
    const url = configuration.database.url.replace('verify-full', 'no-verify');
    return { ...configuration, database: { ...configuration.database, url } };
  },
});
