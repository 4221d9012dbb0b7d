/** Defect: a key that is just long enough is refused. */
import { ConfigurationError } from '../../../service/config/configuration-error.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { SECRET_KEY_REFUSAL } from '../../../service/protections/secret-key.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: (environment) => {
    if (environment.SECRET_KEY?.length === 32) throw new ConfigurationError([SECRET_KEY_REFUSAL]);
    return loadConfiguration(environment);
  },
});
