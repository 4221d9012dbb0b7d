/** Defect: the threshold is the number of the specification, whatever its setting says. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

await runService({
  configure(environment) {
    const configuration = loadConfiguration(environment);
    return { ...configuration, breakers: { ...configuration.breakers, failureThreshold: 5 } };
  },
});
