/** Defect: who is refused for want of a connection is told to come back at once. */
import { changeError, runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => changeError(error, 'database_pool_exhausted', 0)),
}));
