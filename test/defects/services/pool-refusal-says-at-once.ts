/** Defect: the Retry-After is 0 if no connection is free. */

import { caughtBy } from '../defect.ts';
import { changeError, runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-says-when', 'refusals have a correct Retry-After');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, (error) => changeError(error, 'database_pool_exhausted', 0)),
  }));
