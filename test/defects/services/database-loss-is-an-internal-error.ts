/** Defect: a database failure is reported to the caller as an internal error. */

import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('chaos/database-outage', 'database-outage-survived', 'answers in time: terminate');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, (error) => new Error('the query failed', { cause: error })),
  }));
