/** Defect: after one rejection, the pool keeps rejecting queries for a while, even if connections are free. */
import { ServiceError } from '../../../service/base/errors.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-recovers', 'pool recovers');

if (import.meta.main)
  await runWithParts(({ database }) => {
    let until = 0;
    const watched = watchQueries(database, (error) => {
      if (error instanceof ServiceError && error.code === 'database_pool_exhausted') until = Date.now() + 3_000;
      return error;
    });
    return {
      database: {
        ...watched,
        async query(statement, values) {
          if (Date.now() < until) throw new ServiceError('database_pool_exhausted', 'later', { retryAfterSeconds: 1 });
          return watched.query(statement, values);
        },
      },
    };
  });
