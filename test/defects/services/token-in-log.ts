/** Defect: the log contains the Authorization header of each request. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'nothing-leaks', 'log shows no secret', { inTests: true });

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      activitiesSuggest: (request, response, next) => {
        console.log(`${request.method} ${request.url}`, JSON.stringify(request.headers));
        limiters.activitiesSuggest(request, response, next);
      },
    },
  }));
