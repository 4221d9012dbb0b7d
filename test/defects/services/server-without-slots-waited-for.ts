/** Defect: if the server has no free slot (SQLSTATE 53300), calls are rejected only after several seconds. */
import { setTimeout as pause } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { runWithParts, watchQueries } from '../run-with.ts';

export const caught = caughtBy(
  'stress/noisy-neighbour',
  'noisy-neighbour-survived',
  'served or refused: neighbour leaves none',
);

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: watchQueries(database, async (error) => {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      if (code === '53300') await pause(3_000);
      return error;
    }),
  }));
