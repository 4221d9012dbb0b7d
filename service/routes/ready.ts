import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';
import { UPSTREAM_TITLE, UPSTREAMS, type Upstream } from '../base/upstream.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';

/** A reason why the service is not ready. */
interface Reason {
  readonly part: 'database' | `${Upstream}_breaker`;
  readonly reason: string;
}

// Probes commonly time out after one second, so a database that takes longer counts as unavailable.
const DATABASE_DEADLINE_MS = 900;
const RETRY_AFTER_SECONDS = 1;

/**
 * Fails the way a write would on a server that doesn't accept writes (a standby or a read-only primary). The pool then
 * discards the connection, because it may lead to a former primary.
 */
const PROBE = `
  DO $$ BEGIN
    IF current_setting('transaction_read_only')::bool THEN
      RAISE read_only_sql_transaction;
    END IF;
  END $$`;

/**
 * `GET /ready`: reports whether the service should receive requests. Responds with 503 `not_ready` and all reasons if
 * PostgreSQL does not respond to a query through the pool, PostgreSQL does not accept writes, or a breaker is open. A
 * half-open breaker does not count, because its trial needs a request.
 */
export function ready({ breakers, database }: Dependencies): RequestHandler {
  return async (_request, response) => {
    const reasons = [...(await databaseReasons(database)), ...breakerReasons(breakers)];
    if (reasons.length > 0) {
      throw new ServiceError('not_ready', 'The service cannot serve all endpoints.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        details: reasons,
      });
    }
    response.json({ status: 'ready' });
  };
}

async function databaseReasons(database: Dependencies['database']): Promise<Reason[]> {
  const over = new AbortController();
  const silent = pause(DATABASE_DEADLINE_MS, `PostgreSQL did not answer within ${DATABASE_DEADLINE_MS} ms.`, over);
  const answered = database.query(PROBE, []).then(
    () => undefined,
    (error: unknown) => (error instanceof ServiceError ? error.message : 'PostgreSQL refused the query.'),
  );
  const reason = await Promise.race([answered, silent]);
  over.abort();
  silent.catch(() => {});
  return reason === undefined ? [] : [{ part: 'database', reason }];
}

function breakerReasons(breakers: Dependencies['breakers']): Reason[] {
  return UPSTREAMS.filter((upstream) => breakers[upstream].state === 'open').map((upstream) => ({
    part: `${upstream}_breaker`,
    reason: `The ${UPSTREAM_TITLE[upstream]} is not called: its circuit breaker is open.`,
  }));
}
