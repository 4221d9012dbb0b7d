/** Defect: the log contains the Authorization header of each request. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    activitiesSuggest: (request, response, next) => {
      console.log(`${request.method} ${request.url}`, JSON.stringify(request.headers));
      limiters.activitiesSuggest(request, response, next);
    },
  },
}));
