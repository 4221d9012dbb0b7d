/** Defect: a weak key is rejected with the promised message, but with the exit code of a crash. */

import { runService } from '../../../service/app/run-service.ts';
import { ConfigurationError } from '../../../service/config/configuration-error.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('chaos/weak-secret', 'weak-secret-refused', 'refuses to start: the-default-key');

if (import.meta.main)
  await runService({
    configure: (environment) => {
      try {
        return loadConfiguration(environment);
      } catch (error) {
        if (error instanceof ConfigurationError) process.stderr.write(`${error.problems.join('\n')}\n`);
        process.exit(1);
      }
    },
  });
