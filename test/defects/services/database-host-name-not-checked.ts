/** Defect: the database certificate is accepted for any host name if its issuer is trusted. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/database-impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: database wrong-host, conversation-read',
);

if (import.meta.main)
  await runService({
    configure: (environment) => {
      const configuration = loadConfiguration(environment);
      const url = configuration.database.url.replace('verify-full', 'verify-ca&uselibpqcompat=true');
      return { ...configuration, database: { ...configuration.database, url } };
    },
  });
