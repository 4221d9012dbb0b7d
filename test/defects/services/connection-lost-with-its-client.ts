/** Defect: if a client disconnects during its query, the connection is never returned to the pool. */
import { createDatabase } from '../../../service/storage/pool.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-leaks-nothing', 'pool leaks nothing');

if (import.meta.main)
  await runWithParts(({ database, limiters, logger }, configuration) => {
    const { poolMax } = configuration.database;
    let current = database;
    return {
      database: {
        ...database,
        query: (statement, values) => current.query(statement, values),
        close: () => current.close(),
      },
      limiters: {
        ...limiters,
        conversationsRead: (request, response, next) => {
          response.on('close', () => {
            if (response.writableFinished || current !== database) return;
            current = createDatabase({ ...configuration.database, poolMax: poolMax - 1 }, logger);
            void database.close();
          });
          limiters.conversationsRead(request, response, next);
        },
      },
    };
  });
