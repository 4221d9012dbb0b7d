import type { Logger } from 'pino';
import { runService } from '../../service/app/run-service.ts';
import { ServiceError } from '../../service/base/errors.ts';
import { type Configuration, loadConfiguration } from '../../service/config/load-configuration.ts';
import { createDependencies } from '../../service/dependencies/create-dependencies.ts';
import type { Dependencies } from '../../service/dependencies/dependencies.ts';
import type { Database } from '../../service/storage/pool.ts';

/** Runs the reference service with some settings changed behind the operator's back. */
export const runWithSettings = (changed: Record<string, string>): Promise<void> =>
  runService({ configure: (environment) => loadConfiguration({ ...environment, ...changed }) });

/** Parts of the service that stand in the place of those with the same name. */
type Replace = (parts: Dependencies, configuration: Configuration, logger: Logger) => Partial<Dependencies>;

/** Runs the reference service with some of its parts replaced. */
export const runWithParts = (replace: Replace): Promise<void> =>
  runService({
    assemble: (configuration, logger) => {
      const parts = createDependencies(configuration, logger);
      return { ...parts, ...replace(parts, configuration, logger) };
    },
  });

/** The service's error of that code with another time to come back (seconds), or none; any other error as it is. */
export function changeError<Thrown>(
  error: Thrown,
  code: ServiceError['code'],
  retryAfterSeconds: number | undefined,
): Thrown | ServiceError {
  if (!(error instanceof ServiceError) || error.code !== code) return error;
  const { message, details, cause } = error;
  return new ServiceError(code, message, {
    details,
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** A database whose queries' failures are seen, and may be turned into others, before the service hears of them. */
export const watchQueries = (database: Database, onError: (error: unknown) => unknown): Database => ({
  ...database,
  query: (statement, values) =>
    database.query<never>(statement, values).catch(async (error) => {
      throw await onError(error);
    }),
});
