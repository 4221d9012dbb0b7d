/** Defect: if all connections are in use, reads fail with an internal error. */
import { checkQueries, runWithParts } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: checkQueries(database, (inFlight) => {
    if (inFlight > 5) throw new Error('overloaded');
  }),
}));
