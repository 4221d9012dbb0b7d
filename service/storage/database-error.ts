import pg from 'pg';
import { wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';

/**
 * SQLSTATE classes of conditions that pass: connection exception, transaction rollback, insufficient resources (53300 is "too
 * many connections"), operator intervention (57P0x shutdowns, 57014 statement timeout), system error, internal error.
 */
const PASSING_CLASSES = new Set(['08', '40', '53', '57', '58', 'XX']);

const READ_ONLY = '25006';

/** Others of the kind: read-only transaction, object in use, lock not available, transaction timeout. */
const PASSING = new Set([READ_ONLY, '55006', '55P03', '25P04']);

/** Serialization failure and deadlock: PostgreSQL rolled the whole transaction back. 40003 leaves open whether it did. */
const ROLLED_BACK = new Set(['40001', '40P01']);

// pg-pool gives a plain error without a code when a query waited too long for a connection.
const ACQUIRE_TIMEOUT_MESSAGE = 'timeout exceeded when trying to connect';

const RETRY_AFTER_MS = 1000;

/** The refusal of a query for which no connection is free. */
export function poolExhausted(message: string): ServiceError {
  return new ServiceError('database_pool_exhausted', message, { retryAfterSeconds: wholeSeconds(RETRY_AFTER_MS) });
}

/** The refusal of a query for which there is no server, for the time being. `waitMs`: when to come back. */
export function databaseUnavailable(reason: string, waitMs = RETRY_AFTER_MS, cause?: unknown): ServiceError {
  return new ServiceError('database_unavailable', `The database cannot serve now (${reason}).`, {
    retryAfterSeconds: wholeSeconds(waitMs),
    cause,
  });
}

/** Whether the statement's whole transaction was rolled back, so that the same statement may be sent again. */
export function isRolledBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ROLLED_BACK.has(error.code ?? '');
}

/**
 * Turns what a query failed with into what the service answers: `database_pool_exhausted` or `database_unavailable`.
 * An error that speaks of the statement is the service's own fault, and comes back as it is.
 */
export function explainDatabaseError(error: unknown, acquireTimeoutMs: number): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ServiceError) return error;
  if (error.message === ACQUIRE_TIMEOUT_MESSAGE) {
    return poolExhausted(`No database connection came free within ${acquireTimeoutMs} ms.`);
  }
  // What is not the server's own word comes from the driver: the connection was refused, lost or silent.
  const sqlState = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined;
  if (sqlState !== undefined && !mayPass(sqlState)) return error;
  const code = sqlState ?? (error as Error & { code?: string }).code ?? 'connection lost';
  const reason = code === READ_ONLY ? `${code}: it is read-only` : code;
  return databaseUnavailable(reason, RETRY_AFTER_MS, error);
}

const mayPass = (sqlState: string): boolean => PASSING_CLASSES.has(sqlState.slice(0, 2)) || PASSING.has(sqlState);
