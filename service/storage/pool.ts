import pg from 'pg';
import type { Logger } from 'pino';
import { explainDatabaseError, poolExhausted } from './database-error.ts';

/** How many connections the pool has, and how many queries wait for one. */
export interface PoolStats {
  readonly in_use: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** The database, as the rest of the service sees it: a connection is held for one query and no longer. */
export interface Database {
  /** @throws ServiceError `database_pool_exhausted` or `database_unavailable` */
  query<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]): Promise<Row[]>;
  stats(): PoolStats;
  /** Ends the connections, once their queries have ended. */
  close(): Promise<void>;
}

/**
 * The pool's ceiling (specification R1). `poolMax` connections; a query waits at most `acquireTimeoutMs` for one, and at most
 * `queueMax` queries wait at once; a statement takes at most `statementTimeoutMs`. Summed over the replicas, `poolMax`
 * has to fit below `max_connections - superuser_reserved_connections - reserved_connections`.
 */
export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly queueMax: number;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

// The server cancels a slow statement; a server that went silent can't, so the client gives up a little later.
const SILENT_SERVER_MARGIN_MS = 1000;

/** Opens the pool. Connections are made when they are needed, so this never fails. */
export function createDatabase(options: DatabaseOptions, logger: Logger): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'conversation-service',
    max: options.poolMax,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENT_SERVER_MARGIN_MS,
  });
  // Without a listener, a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection broke'));

  return {
    async query<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) {
      if (isQueueFull(pool, options)) {
        throw poolExhausted(
          `All ${options.poolMax} database connections are in use and ${options.queueMax} queries wait.`,
        );
      }
      try {
        return (await pool.query<Row>(statement, [...values])).rows;
      } catch (error) {
        throw explainDatabaseError(error, options.acquireTimeoutMs);
      }
    },
    stats: () => ({
      in_use: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: options.poolMax,
    }),
    close: () => pool.end(),
  };
}

function isQueueFull(pool: pg.Pool, { poolMax, queueMax }: DatabaseOptions): boolean {
  // Queries queue for a tick even where connections are idle; those will be served at once and don't wait.
  return pool.totalCount >= poolMax && pool.waitingCount - pool.idleCount >= queueMax;
}
