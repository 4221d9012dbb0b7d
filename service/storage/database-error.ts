import pg from 'pg';
import { wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';

/**
 * SQLSTATE classes of temporary conditions: connection exception, transaction rollback, insufficient resources (53300
 * is "too many connections"), operator intervention (57P0x shutdowns, 57014 statement timeout), system error, internal
 * error.
 */
const PASSING_CLASSES = new Set(['08', '40', '53', '57', '58', 'XX']);

const READ_ONLY = '25006';

/** Other temporary conditions: read-only transaction, object in use, lock not available, transaction timeout. */
const PASSING = new Set([READ_ONLY, '55006', '55P03', '25P04']);

/**
 * Serialization failure and deadlock, for which PostgreSQL has rolled back the whole transaction. 40003 is missing
 * because it does not say whether the transaction was rolled back.
 */
const ROLLED_BACK = new Set(['40001', '40P01']);

// pg-pool throws an error without a code if a query waited too long for a connection.
const ACQUIRE_TIMEOUT_MESSAGE = 'timeout exceeded when trying to connect';

const RETRY_AFTER_MS = 1000;

/** Returns the error for a query that did not get a connection. */
export function poolExhausted(message: string): ServiceError {
  return new ServiceError('database_pool_exhausted', message, { retryAfterSeconds: wholeSeconds(RETRY_AFTER_MS) });
}

/** Returns the error for a query while the server is unavailable. `waitMs` is how long to wait before retrying. */
export function databaseUnavailable(reason: string, waitMs = RETRY_AFTER_MS, cause?: unknown): ServiceError {
  return new ServiceError('database_unavailable', `The database is unavailable (${reason}).`, {
    retryAfterSeconds: wholeSeconds(waitMs),
    cause,
  });
}

/** Whether the whole transaction was rolled back, so that the statement can be repeated. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ROLLED_BACK.has(error.code ?? '');
}

/**
 * Converts a query error to `database_pool_exhausted` or `database_unavailable`. Other errors are returned unchanged:
 * they concern the statement and therefore indicate a bug in the service.
 */
export function explainDatabaseError(error: unknown, acquireTimeoutMs: number): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ServiceError) return error;
  if (error.message === ACQUIRE_TIMEOUT_MESSAGE) {
    return poolExhausted(`No database connection became available within ${acquireTimeoutMs} ms.`);
  }
  // Other errors come from the driver: the connection was refused, lost or timed out.
  const sqlState = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined;
  if (sqlState !== undefined && !mayPass(sqlState)) return error;
  const code = sqlState ?? (error as Error & { code?: string }).code ?? 'connection lost';
  const reason = code === READ_ONLY ? `${code}: it is read-only` : code;
  return databaseUnavailable(reason, RETRY_AFTER_MS, error);
}

const mayPass = (sqlState: string): boolean => PASSING_CLASSES.has(sqlState.slice(0, 2)) || PASSING.has(sqlState);
