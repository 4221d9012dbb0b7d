import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { outsideRequests } from '../observability/request-context.ts';
import { databaseUnavailable, explainDatabaseError, isRolledBack, poolExhausted } from './database-error.ts';
import { Reconnection } from './reconnection.ts';
import { StatementNames } from './statement-names.ts';

/** How many connections the pool has, and how many queries wait for one. */
export interface PoolStats {
  readonly in_use: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** The database, as the rest of the service sees it: a connection is held for one query and no longer. */
export interface Database {
  /**
   * Runs one statement as a transaction. One that was rolled back whole, by a deadlock or for want of serializability, is repeated
   * a few times.
   * @throws ServiceError `database_pool_exhausted` or `database_unavailable`
   */
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
const KEEP_ALIVE_MS = 10_000;

const REPEATS_MAX = 3;
const REPEAT: Backoff = { firstMs: 20, longestMs: 200 };

/** Opens the pool. Connections are made when they are needed, so this never fails. */
export function createDatabase(
  options: DatabaseOptions,
  logger: Logger,
  { clock = systemClock, random = Math.random }: { clock?: Clock; random?: Random } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'conversation-service',
    max: options.poolMax,
    // A connection that was closed for being idle has to be made anew in the next burst, which waits for it.
    min: options.poolMax,
    // Kept for long, one may be dropped by what stands in between: the system notices, before a query has to.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENT_SERVER_MARGIN_MS,
    // What is acknowledged has to survive the server's death, whatever its configuration says.
    options: '-c synchronous_commit=on',
  });
  // Without a listener, a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => outsideRequests(() => logger.warn({ err: error }, 'an idle database connection broke')));
  const reconnection = new Reconnection(clock, random);
  const names = new StatementNames();

  async function runOnce<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) {
    if (isQueueFull(pool, options)) {
      throw poolExhausted(
        `All ${options.poolMax} database connections are in use and ${options.queueMax} queries wait.`,
      );
    }
    const client = await acquire(pool, options, reconnection);
    return runAndRelease<Row>(client, names.of(statement), statement, values);
  }

  return {
    async query<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) {
      const givesUpAt = clock.now() + options.acquireTimeoutMs;
      for (let repeats = 1; ; repeats += 1) {
        try {
          return await runOnce<Row>(statement, values);
        } catch (error) {
          const waitMs = backoffMs(REPEAT, repeats, random);
          const mayRepeat = isRolledBack(error) && repeats <= REPEATS_MAX && clock.now() + waitMs <= givesUpAt;
          if (!mayRepeat) throw explainDatabaseError(error, options.acquireTimeoutMs);
          await sleep(waitMs);
        }
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

function acquire(pool: pg.Pool, { poolMax }: DatabaseOptions, reconnection: Reconnection): Promise<pg.PoolClient> {
  const takesOneThatIsThere = pool.idleCount > 0 || pool.totalCount >= poolMax;
  if (takesOneThatIsThere) return pool.connect();
  if (reconnection.waitMs > 0) throw databaseUnavailable('not reachable a moment ago', reconnection.waitMs);
  return reconnection.attempt(() => pool.connect());
}

async function runAndRelease<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  name: string,
  statement: string,
  values: readonly unknown[],
): Promise<Row[]> {
  // What a connection breaks with shows in the query; without a listener it would end the process.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    const { rows } = await client.query<Row>({ name, text: statement, values: [...values] });
    client.release();
    return rows;
  } catch (error) {
    // After anything else the connection may be broken, or its server no longer the primary.
    client.release(isRolledBack(error) ? undefined : (error as Error));
    throw error;
  } finally {
    client.off('error', ignore);
  }
}
