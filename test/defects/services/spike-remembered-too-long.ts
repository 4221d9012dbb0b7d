/** Defect: after a spike of reads, all reads are rejected for a while. */
import { ServiceError } from '../../../service/base/errors.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ database }) => {
  let underWay = 0;
  let until = 0;
  return {
    database: {
      ...database,
      async query(statement, values) {
        underWay += 1;
        try {
          if (underWay > 5) until = Date.now() + 8_000;
          if (Date.now() < until) throw new ServiceError('database_pool_exhausted', 'later', { retryAfterSeconds: 1 });
          return await database.query(statement, values);
        } finally {
          underWay -= 1;
        }
      },
    },
  };
});
