import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { outsideRequests } from '../observability/request-context.ts';
import { databaseUnavailable, explainDatabaseError, isRolledBack, poolExhausted } from './database-error.ts';
import { Reconnection } from './reconnection.ts';

/** The pool's connections, and the number of queries that are waiting for one. */
export interface PoolStats {
  readonly in_use: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** The database. A query holds a connection only while it is running. */
export interface Database {
  /**
   * Runs a single statement as a transaction. Repeats it up to three times if it is rolled back because of a deadlock
   * or serialization failure.
   * @throws ServiceError `database_pool_exhausted` or `database_unavailable`
   */
  query<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]): Promise<Row[]>;
  stats(): PoolStats;
  /** Closes the connections after their queries have finished. */
  close(): Promise<void>;
}

/**
 * The pool's limits.
 *
 * - `poolMax` is the maximum number of connections. The sum over all replicas must be less than `max_connections -
 *   superuser_reserved_connections - reserved_connections`.
 * - `acquireTimeoutMs` is the maximum time to wait for a connection.
 * - `queueMax` is the maximum number of waiting queries.
 * - `statementTimeoutMs` is the maximum duration of a statement.
 */
export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly queueMax: number;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

// The server cancels slow statements. If the server does not respond at all, the client times out a little later.
const SILENT_SERVER_MARGIN_MS = 1000;
const KEEP_ALIVE_MS = 10_000;

const REPEATS_MAX = 3;
const REPEAT: Backoff = { firstMs: 20, longestMs: 200 };

/** Creates the pool. Never fails, because connections are opened on demand. */
export function createDatabase(
  options: DatabaseOptions,
  logger: Logger,
  { clock = systemClock, random = Math.random }: { clock?: Clock; random?: Random } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'conversation-service',
    max: options.poolMax,
    // Keep idle connections open, so that the next burst does not have to wait for new ones.
    min: options.poolMax,
    // Detect connections that a firewall or proxy has dropped before a query uses them.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENT_SERVER_MARGIN_MS,
    // Acknowledged data must survive a server crash, regardless of how the server is configured.
    options: '-c synchronous_commit=on',
  });
  // Without listeners, a lost connection would crash the process: one in use, also before its first query, and an idle
  // one. If a connection is in use, its query reports the error.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', (error) =>
    outsideRequests(() => logger.warn({ err: error }, 'an idle database connection was lost')),
  );
  const reconnection = new Reconnection(clock, random);
  const names = new StatementNames();

  async function runOnce<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) {
    if (isQueueFull(pool, options)) {
      throw poolExhausted(
        `All ${options.poolMax} database connections are in use and ${options.queueMax} queries are waiting.`,
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
  // Queries wait for one tick even if connections are idle. Such queries are served immediately and do not count.
  return pool.totalCount >= poolMax && pool.waitingCount - pool.idleCount >= queueMax;
}

function acquire(pool: pg.Pool, { poolMax }: DatabaseOptions, reconnection: Reconnection): Promise<pg.PoolClient> {
  const hasConnection = pool.idleCount > 0 || pool.totalCount >= poolMax;
  if (hasConnection) return pool.connect();
  if (reconnection.waitMs > 0) throw databaseUnavailable('not reachable a moment ago', reconnection.waitMs);
  return reconnection.attempt(() => pool.connect());
}

async function runAndRelease<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  name: string,
  statement: string,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    const { rows } = await client.query<Row>({ name, text: statement, values: [...values] });
    client.release();
    return rows;
  } catch (error) {
    // After any other error, the connection may be broken, or its server may no longer be the primary.
    client.release(isRolledBack(error) ? undefined : (error as Error));
    throw error;
  }
}

/**
 * Assigns names to statements, so that PostgreSQL parses and plans each one only once per connection. The names are
 * numbers, because PostgreSQL truncates names to 63 bytes. Use it only for constant statements with parameters.
 * Otherwise the number of names would be unbounded.
 */
class StatementNames {
  readonly #names = new Map<string, string>();

  of(statement: string): string {
    const name = this.#names.get(statement) ?? `statement-${this.#names.size + 1}`;
    this.#names.set(statement, name);
    return name;
  }
}
