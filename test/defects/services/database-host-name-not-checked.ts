/** Defect: the database certificate is accepted for any host name if its issuer is trusted. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => {
    const configuration = loadConfiguration(environment);
    const url = configuration.database.url.replace('verify-full', 'verify-ca&uselibpqcompat=true');
    return { ...configuration, database: { ...configuration.database, url } };
  },
});
