/** Defect: the database may show a certificate of any host whose authority is known. */
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: (environment) => {
    const configuration = loadConfiguration(environment);
    const url = configuration.database.url.replace('verify-full', 'verify-ca&uselibpqcompat=true');
    return { ...configuration, database: { ...configuration.database, url } };
  },
});
