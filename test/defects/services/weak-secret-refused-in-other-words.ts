/** Defect: a weak key is refused, but nobody is told what to do. */
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { runService } from '../../../service/run-service.ts';

await runService({
  configure: (environment) => {
    try {
      return loadConfiguration(environment);
    } catch {
      process.exit(2);
    }
  },
});
