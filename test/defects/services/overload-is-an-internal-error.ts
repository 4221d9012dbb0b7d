/** Defect: if all connections are in use, reads fail with an internal error. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ database }) => {
  let underWay = 0;
  return {
    database: {
      ...database,
      async query(statement, values) {
        underWay += 1;
        try {
          if (underWay > 5) throw new Error('overloaded');
          return await database.query(statement, values);
        } finally {
          underWay -= 1;
        }
      },
    },
  };
});
