/** Defect: a server without a free slot (SQLSTATE 53300) is reported as an internal error. */

import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy(
  'stress/connection-ceiling',
  'pool-survives-lost-connections',
  'pool survives lost connections',
);

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, (error) => {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      return code === '53300' ? new Error('no slot') : error;
    }),
  }));
