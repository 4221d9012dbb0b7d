/** Defect: the Retry-After of a refusal without a free connection is 0. */
import { changeError, runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => changeError(error, 'database_pool_exhausted', 0)),
}));
