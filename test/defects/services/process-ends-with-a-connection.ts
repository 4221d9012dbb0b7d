/** Defect: a lost connection crashes the process, as pg's pool does if nothing handles its errors. */
import { ServiceError } from '../../../service/base/errors.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'service-stays-up', 'service stays up');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, (error) => {
      if (error instanceof ServiceError && error.code === 'database_unavailable') process.exit(1);
      return error;
    }),
  }));
