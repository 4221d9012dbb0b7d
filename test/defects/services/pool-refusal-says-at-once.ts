/** Defect: the Retry-After is 0 if no connection is free. */
import { changeError, runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => changeError(error, 'database_pool_exhausted', 0)),
}));
