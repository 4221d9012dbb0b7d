/** Defect: any certificate is accepted. */
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({ configure: (environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: false }) });
