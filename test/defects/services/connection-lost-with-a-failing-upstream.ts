/** Defect: if a call of an upstream fails, a connection is never returned to the pool. */
import { createDatabase } from '../../../service/storage/pool.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/connection-ceiling', 'pool-leaks-nothing', 'pool leaks nothing', {
  says: 'The pool leaks: 1 connection is not available',
});

if (import.meta.main)
  await runWithParts(({ database, llm, logger }, configuration) => {
    const { poolMax } = configuration.database;
    let current = database;
    return {
      database: {
        ...database,
        query: (statement, values) => current.query(statement, values),
        close: () => current.close(),
      },
      llm: {
        ...llm,
        invoke: (...call) =>
          llm.invoke(...call).catch((error) => {
            if (current === database) {
              current = createDatabase({ ...configuration.database, poolMax: poolMax - 1 }, logger);
              void database.close();
            }
            throw error;
          }),
      },
    };
  });
