/** Defect: memory that is allocated for a read is never released. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('load/soak', 'bears-a-soak', 'memory does not grow in a soak');

if (import.meta.main)
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
