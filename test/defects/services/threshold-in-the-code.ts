/** Defect: the threshold is the number of the specification, whatever its setting says. */
import { runService } from '../../../service/app/run-service.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { caughtBy } from '../defect.ts';

export const caught = caughtBy('stress/changed-numbers', 'specified-recovery', 'opens as specified: llm');

if (import.meta.main)
  await runService({
    configure(environment) {
      const configuration = loadConfiguration(environment);
      return { ...configuration, breakers: { ...configuration.breakers, failureThreshold: 5 } };
    },
  });
