/** Defect: the database is asked for over TLS, and its certificate not looked at. */
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: (environment) => {
    const configuration = loadConfiguration(environment);
    const url = configuration.database.url.replace('verify-full', 'no-verify');
    return { ...configuration, database: { ...configuration.database, url } };
  },
});
