import type { Logger } from 'pino';
import { runService } from '../../service/app/run-service.ts';
import { ServiceError } from '../../service/base/errors.ts';
import { type Configuration, loadConfiguration } from '../../service/config/load-configuration.ts';
import { createDependencies } from '../../service/dependencies/create-dependencies.ts';
import type { Dependencies } from '../../service/dependencies/dependencies.ts';
import type { Database } from '../../service/storage/pool.ts';

/** Runs the reference service with some settings silently changed. */
export const runWithSettings = (changed: Record<string, string>): Promise<void> =>
  runService({ configure: (environment) => loadConfiguration({ ...environment, ...changed }) });

/** Returns parts of the service that replace those with the same name. */
type Replace = (parts: Dependencies, configuration: Configuration, logger: Logger) => Partial<Dependencies>;

/** Runs the reference service with some of its parts replaced. */
export const runWithParts = (replace: Replace): Promise<void> =>
  runService({
    assemble: (configuration, logger) => {
      const parts = createDependencies(configuration, logger);
      return { ...parts, ...replace(parts, configuration, logger) };
    },
  });

/**
 * Changes the Retry-After of errors with this code to a different number of seconds, or removes it. Returns other
 * errors unchanged.
 */
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

/** Returns a database that calls `check` before each query, with the number of queries in flight. It may throw. */
export function checkQueries(database: Database, check: (inFlight: number) => void): Database {
  let inFlight = 0;
  return {
    ...database,
    async query(statement, values) {
      inFlight += 1;
      try {
        check(inFlight);
        return await database.query(statement, values);
      } finally {
        inFlight -= 1;
      }
    },
  };
}

/** Returns a database whose query errors can be observed and replaced before the service gets them. */
export const watchQueries = (database: Database, onError: (error: unknown) => unknown): Database => ({
  ...database,
  query: (statement, values) =>
    database.query<never>(statement, values).catch(async (error) => {
      throw await onError(error);
    }),
});
