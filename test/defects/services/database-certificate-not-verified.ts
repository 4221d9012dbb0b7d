/** Defect: the database certificate is not verified. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy(
  'chaos/database-impostor',
  'impostor-gets-nothing',
  'refuses an untrusted certificate: database self-signed, conversation-read',
  { inTests: true },
);

if (import.meta.main)
  await runService({
    configure: (environment) => {
      const configuration = loadConfiguration(environment);
      const url = configuration.database.url.replace('verify-full', 'no-verify');
      return { ...configuration, database: { ...configuration.database, url } };
    },
  });
