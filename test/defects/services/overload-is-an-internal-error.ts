/** Defect: if all connections are in use, reads fail with an internal error. */

import { caughtBy } from '../defect.ts';
import { checkQueries, runWithParts } from '../run-with.ts';

export const caught = caughtBy('load/spike', 'survives-a-spike', 'serves or refuses a spike');

if (import.meta.main)
  await runWithParts(({ database }) => ({
    database: checkQueries(database, (inFlight) => {
      if (inFlight > 5) throw new Error('overloaded');
    }),
  }));
