import type { RequestHandler } from 'express';
import type { Store } from 'express-rate-limit';
import type { Logger } from 'pino';
import { runService } from '../../service/app/run-service.ts';
import { systemClock } from '../../service/base/clock.ts';
import { ServiceError } from '../../service/base/errors.ts';
import type { Limit } from '../../service/config/limit-string.ts';
import { type Configuration, loadConfiguration } from '../../service/config/load-configuration.ts';
import { createDependencies } from '../../service/dependencies/create-dependencies.ts';
import type { Dependencies } from '../../service/dependencies/dependencies.ts';
import type { Breakers } from '../../service/protections/breakers.ts';
import type { CircuitBreaker } from '../../service/protections/circuit-breaker.ts';
import { createLimiters, type Limiters } from '../../service/protections/limiters.ts';
import type { Database } from '../../service/storage/pool.ts';
import { UpstreamError } from '../../service/upstreams/upstream-error.ts';

// Each of these functions returns one that runs the reference service with a change.

type Run = () => Promise<void>;

/** With another configuration. */
export const withConfiguration =
  (configure: (environment: NodeJS.ProcessEnv) => Configuration): Run =>
  () =>
    runService({ configure });

/** With some settings silently changed. */
export const withSettings = (changed: Record<string, string>): Run =>
  withConfiguration((environment) => loadConfiguration({ ...environment, ...changed }));

/** Returns parts of the service that replace those with the same name. */
type Replace = (parts: Dependencies, configuration: Configuration, logger: Logger) => Partial<Dependencies>;

/** With some of its parts replaced. */
export const withParts =
  (replace: Replace): Run =>
  () =>
    runService({
      assemble: (configuration, logger) => {
        const parts = createDependencies(configuration, logger);
        return { ...parts, ...replace(parts, configuration, logger) };
      },
    });

/** Returns another version of a part. It also gets all the other parts. */
type Change<Part, Changed = Part> = (part: Part, parts: Dependencies, configuration: Configuration) => Changed;

/** With another limiter for an endpoint. */
export const withLimiter = (name: keyof Limiters, change: Change<RequestHandler>): Run =>
  withParts((parts, configuration) => ({
    limiters: { ...parts.limiters, [name]: change(parts.limiters[name], parts, configuration) },
  }));

/** Returns all limiters, each changed in the same way. */
export const eachLimiter = (limiters: Limiters, change: (limiter: RequestHandler) => RequestHandler): Limiters =>
  Object.fromEntries(Object.entries(limiters).map(([name, limiter]) => [name, change(limiter)])) as Limiters;

/** With limiters that count in other stores. */
export const withStore = (create: (limit: Limit) => Store): Run =>
  withParts((_parts, { rateLimits }) => ({
    limiters: createLimiters(rateLimits, systemClock, {
      create: (_name, limit) => create(limit),
      close: async () => {},
    }),
  }));

/** With a database that queries in another way. */
export const withQuery = (change: Change<Database, Database['query']>): Run =>
  withParts((parts, configuration) => ({
    database: { ...parts.database, query: change(parts.database, parts, configuration) },
  }));

/** With other errors of queries than those of the database. */
export const withQueryErrors = (onError: (error: unknown) => unknown): Run =>
  withParts(({ database }) => ({ database: watchQueries(database, onError) }));

/** With another way to call the LLM. */
export const withInvoke = (change: Change<Dependencies['llm'], Dependencies['llm']['invoke']>): Run =>
  withParts((parts, configuration) => ({ llm: { invoke: change(parts.llm, parts, configuration) } }));

/** With another way to handle each failed call to the LLM, below its breaker. */
export const withLlmErrors = (onError: (error: Error) => never): Run =>
  withInvoke(
    (llm) =>
      (...call) =>
        llm.invoke(...call).catch(onError),
  );

/** With another outcome of calls to the LLM that fail, above its breaker: what `instead` returns or throws. */
export const withLlmFailure = (instead: (error: UpstreamError, configuration: Configuration) => never): Run =>
  withBreaker('llm', ({ llm }, configuration) => ({
    call: (upstreamCall) =>
      llm.call(upstreamCall).catch((error) => {
        if (!(error instanceof UpstreamError)) throw error;
        return instead(error, configuration);
      }),
  }));

/** With a client of the memory API that has some other methods. */
export const withMemory = (change: Change<Dependencies['memory'], Partial<Dependencies['memory']>>): Run =>
  withParts((parts, configuration) => ({
    memory: { ...parts.memory, ...change(parts.memory, parts, configuration) },
  }));

/** With a breaker that behaves in some ways differently. */
export const withBreaker = (
  name: keyof Breakers,
  change: (breakers: Breakers, configuration: Configuration) => Partial<CircuitBreaker>,
): Run =>
  withParts(({ breakers }, configuration) => ({
    breakers: { ...breakers, [name]: aroundBreaker(breakers[name], change(breakers, configuration)) },
  }));

/** Returns a breaker that behaves like another one except for the given methods. */
export const aroundBreaker = (breaker: CircuitBreaker, changed: Partial<CircuitBreaker>): CircuitBreaker => ({
  get state() {
    return breaker.state;
  },
  call: (upstreamCall, name) => breaker.call(upstreamCall, name),
  refusal: () => breaker.refusal(),
  close: () => breaker.close(),
  ...changed,
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
