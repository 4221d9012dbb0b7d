/** Defect: /health waits for the database. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ database, limiters }) => ({
  limiters: {
    ...limiters,
    health: (request, response, next) =>
      database.query('SELECT 1', []).then(() => limiters.health(request, response, next), next),
  },
}));
