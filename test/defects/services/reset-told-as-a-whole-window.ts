/** Defect: the reset in the headers is always the full length of the window. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/header-truth',
  'rate-limit-header-truth',
  'headers are correct: draft-7, health',
);

if (import.meta.main)
  await runWithParts(({ limiters }, { rateLimits }) => ({
    limiters: {
      ...limiters,
      health: (request, response, next) =>
        limiters.health(request, response, (error?: unknown) => {
          const reset = (rateLimits.health[0]?.windowMs ?? 0) / 1_000;
          const header = String(response.getHeader('RateLimit'));
          response.setHeader('RateLimit', header.replace(/(?<=reset=)\d+/, String(reset)));
          next(error);
        }),
    },
  }));
