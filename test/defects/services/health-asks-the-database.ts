/** Defect: /health waits for the database. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/database-outage', 'database-outage-survived', 'health stays up: blackhole');

if (import.meta.main)
  await runWithParts(({ database, limiters }) => ({
    limiters: {
      ...limiters,
      health: (request, response, next) =>
        database.query('SELECT 1', []).then(() => limiters.health(request, response, next), next),
    },
  }));
