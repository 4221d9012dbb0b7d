/** Defect: after the database was lost once, no query is sent to it again. */
import { ServiceError } from '../../../service/base/errors.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

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
