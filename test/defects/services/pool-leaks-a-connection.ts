/** Defect: the connection of a failed query is never returned to the pool. */
import type { ServiceError } from '../../../service/base/errors.ts';
import { createDatabase } from '../../../service/storage/pool.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-leaks-nothing', 'pool leaks nothing');

if (import.meta.main)
  await runWithParts(({ database, logger }, configuration) => {
    const { poolMax } = configuration.database;
    let current = database;
    return {
      database: {
        ...database,
        query: (statement, values) =>
          watchQueries(current, async (error) => {
            const isFirst = current === database && (error as ServiceError).code === 'database_unavailable';
            if (isFirst) {
              current = createDatabase({ ...configuration.database, poolMax: poolMax - 1 }, logger);
              await database.close();
            }
            return error;
          }).query(statement, values),
        close: () => current.close(),
      },
    };
  });
