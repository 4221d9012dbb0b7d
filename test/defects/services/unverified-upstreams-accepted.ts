/** Defect: the service starts with SSL_VERIFY_ENABLED=False in production. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/unsafe-start', 'unsafe-start-refused', 'refuses to start: unverified-upstreams', {
  inTests: true,
});

if (import.meta.main)
  await runService({
    configure: ({ SSL_VERIFY_ENABLED: given, ...environment }) => ({
      ...loadConfiguration(environment),
      sslVerifyEnabled: given !== 'False',
    }),
  });
