/** Defect: once the database has been lost, no further queries are sent to it. */
import { ServiceError } from '../../../service/base/errors.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('chaos/database-outage', 'database-outage-survived', 'recovers by itself: terminate');

if (import.meta.main)
  await runWithParts(({ database }) => {
    let lost: ServiceError | undefined;
    const watched = watchQueries(database, (error) => {
      if (error instanceof ServiceError && error.code === 'database_unavailable') lost = error;
      return error;
    });
    return {
      database: {
        ...watched,
        query: (statement, values) => (lost ? Promise.reject(lost) : watched.query(statement, values)),
      },
    };
  });
