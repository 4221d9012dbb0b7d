/** Defect: memory that is allocated for a read is never released. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ database }) => {
  const kept: Buffer[] = [];
  return {
    database: {
      ...database,
      query(statement, values) {
        kept.push(Buffer.alloc(300_000, 1));
        return database.query(statement, values);
      },
    },
  };
});
