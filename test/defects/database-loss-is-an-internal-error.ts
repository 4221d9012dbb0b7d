/** Defect: a database that cannot serve is answered as a failure of the service's own. */
import type { QueryResultRow } from 'pg';
import { runWithParts } from './run-with.ts';

await runWithParts(({ database }) => ({
  database: {
    ...database,
    query: <Row extends QueryResultRow>(statement: string, values: readonly unknown[]) =>
      database.query<Row>(statement, values).catch((error) => {
        throw new Error('the query failed', { cause: error });
      }),
  },
}));
