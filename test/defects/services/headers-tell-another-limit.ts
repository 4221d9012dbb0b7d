/** Defect: the headers tell of the default limit, whatever the endpoint's own is. */
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
