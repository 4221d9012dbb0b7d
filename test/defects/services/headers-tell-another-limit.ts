/** Defect: the headers tell of the default limit, whatever the endpoint's own is. */
import { changeHeaders } from '../change-headers.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }, { rateLimits }) => ({
  limiters: {
    ...limiters,
    activitiesSuggest: changeHeaders(limiters.activitiesSuggest, (response) => {
      response.setHeader('RateLimit-Limit', String(rateLimits.default[0]?.amount));
    }),
  },
}));
