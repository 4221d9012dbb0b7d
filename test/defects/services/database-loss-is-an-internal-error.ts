/** Defect: a database that cannot serve is answered as a failure of the service's own. */
import { runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => new Error('the query failed', { cause: error })),
}));
