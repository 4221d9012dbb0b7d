import type pg from 'pg';
import { ServiceError } from '../base/errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Database } from './pool.ts';

/** Counts rejected queries from requests and background tasks. */
export function countPoolRefusals({ poolRefusals }: Metrics, database: Database): Database {
  return {
    ...database,
    async query<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[]) {
      try {
        return await database.query<Row>(statement, values);
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'database_pool_exhausted') poolRefusals.inc();
        throw error;
      }
    },
  };
}
