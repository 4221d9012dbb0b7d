/** Defect: upstream certificates are not verified. */

import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({ configure: (environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: false }) });
