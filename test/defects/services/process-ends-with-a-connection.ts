/** Defect: a lost connection ends the process, as pg's pool does where nobody listens to its errors. */
import { ServiceError } from '../../../service/base/errors.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

await runWithParts(({ database }) => ({
  database: watchQueries(database, (error) => {
    if (error instanceof ServiceError && error.code === 'database_unavailable') process.exit(1);
    return error;
  }),
}));
