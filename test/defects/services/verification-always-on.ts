/** Defect: SSL_VERIFY_ENABLED=False has no effect in development. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure: (environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: true }),
});
