/** Defect: the headers show the default limit instead of the endpoint's. */
import { changeHeaders, changeRateLimit } from '../change-headers.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/header-truth',
  'rate-limit-header-truth',
  'headers are correct: draft-7, activities-suggest',
);

if (import.meta.main)
  await runWithParts(({ limiters }, { rateLimits }) => ({
    limiters: {
      ...limiters,
      activitiesSuggest: changeHeaders(limiters.activitiesSuggest, (response) => {
        changeRateLimit(response, 'limit', () => rateLimits.default[0]?.amount ?? 0);
      }),
    },
  }));
