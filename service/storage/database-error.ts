import pg from 'pg';
import { ServiceError } from '../errors.ts';

// SQLSTATE classes in which PostgreSQL can't serve now: connection exception, insufficient resources (53300 is "too many
// connections"), operator intervention (57P0x shutdowns, 57014 statement timeout).
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);

// pg-pool gives a plain error without a code when a query waited too long for a connection.
const ACQUIRE_TIMEOUT_MESSAGE = 'timeout exceeded when trying to connect';

const RETRY_AFTER_SECONDS = 1;

/** The refusal of a query for which no connection is free. */
export function poolExhausted(message: string): ServiceError {
  return new ServiceError('database_pool_exhausted', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/**
 * Turns what a query failed with into what the service answers: `database_pool_exhausted` or `database_unavailable`.
 * An error that speaks of the statement is the service's own fault, and comes back as it is.
 */
export function explainDatabaseError(error: unknown, acquireTimeoutMs: number): unknown {
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  if (error.message === ACQUIRE_TIMEOUT_MESSAGE) {
    return poolExhausted(`No database connection came free within ${acquireTimeoutMs} ms.`);
  }
  // What is not the server's own word comes from the driver: the connection was refused, lost or silent.
  const sqlState = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined;
  if (sqlState !== undefined && !UNAVAILABLE_CLASSES.has(sqlState.slice(0, 2))) return error;
  const reason = sqlState ?? (error as Error & { code?: string }).code ?? 'connection lost';
  return new ServiceError('database_unavailable', `The database cannot serve now (${reason}).`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error,
  });
}
