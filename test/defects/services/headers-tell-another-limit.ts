/** Defect: the headers show the default limit instead of the endpoint's. */
import { changeHeaders, changeRateLimit } from '../change-headers.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }, { rateLimits }) => ({
  limiters: {
    ...limiters,
    activitiesSuggest: changeHeaders(limiters.activitiesSuggest, (response) => {
      changeRateLimit(response, 'limit', () => rateLimits.default[0]?.amount ?? 0);
    }),
  },
}));
