/** Defect: a database failure is reported to the caller as an internal error. */
import { runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => new Error('the query failed', { cause: error })),
}));
