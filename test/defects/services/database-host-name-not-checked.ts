/** Defect: the database may show a certificate of any host whose authority is known. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => {
    const configuration = loadConfiguration(environment);
    const url = configuration.database.url.replace('verify-full', 'verify-ca&uselibpqcompat=true');
    return { ...configuration, database: { ...configuration.database, url } };
  },
});
