/** Defect: after a spike of reads, all reads are rejected for a while. */
import { ServiceError } from '../../../service/base/errors.ts';
import { caughtBy } from '../defect.ts';
import { checkQueries, runWithParts } from '../run-with.ts';

export const caught = caughtBy('load/spike', 'survives-a-spike', 'recovers after a spike');

if (import.meta.main)
  await runWithParts(({ database }) => {
    let until = 0;
    return {
      database: checkQueries(database, (inFlight) => {
        if (inFlight > 5) until = Date.now() + 8_000;
        if (Date.now() < until) throw new ServiceError('database_pool_exhausted', 'later', { retryAfterSeconds: 1 });
      }),
    };
  });
