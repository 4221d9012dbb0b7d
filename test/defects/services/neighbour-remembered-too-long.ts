/**
 * Defect: after the server had no free slot, the service keeps rejecting calls for seconds longer than its Retry-After
 * says.
 */
import { ServiceError } from '../../../service/base/errors.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy(
  'stress/noisy-neighbour',
  'noisy-neighbour-survived',
  'serves again when the neighbour has left',
);

if (import.meta.main)
  await runWithParts(({ database }) => {
    let until = 0;
    const watched = watchQueries(database, (error) => {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      if (code === '53300') until = Date.now() + 5_000;
      return error;
    });
    return {
      database: {
        ...watched,
        async query(statement, values) {
          if (Date.now() < until) throw new ServiceError('database_unavailable', 'later', { retryAfterSeconds: 1 });
          return watched.query(statement, values);
        },
      },
    };
  });
