/** Defect: the rows of a query that takes more than half a second are discarded, and the call is rejected. */
import { databaseUnavailable } from '../../../service/storage/database-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/connection-ceiling',
  'pool-refuses-the-rest',
  'pool serves calls that hold a connection',
);

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: {
      ...database,
      async query(statement, values) {
        const began = Date.now();
        const rows = await database.query<never>(statement, values);
        if (Date.now() - began > 500) throw databaseUnavailable('too slow');
        return rows;
      },
    },
  }));
