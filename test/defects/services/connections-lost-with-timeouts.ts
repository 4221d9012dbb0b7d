/** Defect: the connection of a query that timed out is never returned to the pool. */
import { setTimeout as sleep } from 'node:timers/promises';
import { poolExhausted } from '../../../service/storage/database-error.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('chaos/database-outage', 'database-outage-survived', 'recovers by itself: blackhole', {
  says: 'The pool leaks',
});

if (import.meta.main)
  await runWithParts(({ database }, { database: { poolMax, acquireTimeoutMs } }) => {
    let lost = 0;
    const watched = watchQueries(database, (error) => {
      const { cause } = error as Error;
      if (cause instanceof Error && cause.message.includes('timeout')) lost += 1;
      return error;
    });
    return {
      database: {
        ...watched,
        async query(statement, values) {
          if (lost < poolMax) return watched.query(statement, values);
          await sleep(acquireTimeoutMs);
          throw poolExhausted('No connection has been returned.');
        },
      },
    };
  });
