/** Defect: SSL_VERIFY_ENABLED=False is no reason not to start, in production either. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: ({ SSL_VERIFY_ENABLED: given, ...environment }) => ({
    ...loadConfiguration(environment),
    sslVerifyEnabled: given !== 'False',
  }),
});
