import { loadConfiguration } from '../../service/config/load-configuration.ts';
import { createDependencies, type Dependencies } from '../../service/dependencies.ts';
import { runService } from '../../service/run-service.ts';

/** Runs the reference service with some settings changed behind the operator's back. */
export const runWithSettings = (changed: Record<string, string>): Promise<void> =>
  runService({ configure: (environment) => loadConfiguration({ ...environment, ...changed }) });

/** Runs the reference service with some of its parts replaced. */
export const runWithParts = (replace: (parts: Dependencies) => Partial<Dependencies>): Promise<void> =>
  runService({
    assemble: (configuration, logger) => {
      const parts = createDependencies(configuration, logger);
      return { ...parts, ...replace(parts) };
    },
  });
