/** Defect: a key of exactly the required length is rejected. */

import { runService } from '../../../service/app/run-service.ts';
import { ConfigurationError } from '../../../service/config/configuration-error.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { SECRET_KEY_REFUSAL } from '../../../service/config/secret-key.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/weak-secret', 'strong-secret-accepted', 'starts: 32-characters');

if (import.meta.main)
  await runService({
    configure: (environment) => {
      if (environment.SECRET_KEY?.length === 32) throw new ConfigurationError([SECRET_KEY_REFUSAL]);
      return loadConfiguration(environment);
    },
  });
