/** Defect: a path with a trailing slash or in upper case has its own counter. */
import type { RequestHandler } from 'express';
import { systemClock } from '../../../service/base/clock.ts';
import { createRateLimiter } from '../../../service/protections/rate-limit.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/identity',
  'rate-limit-identity',
  'forged identities gain nothing: activities-suggest',
);

if (import.meta.main)
  await runWithParts(({ limiters }, { rateLimits }) => {
    const spelled = new Map<string, RequestHandler>();
    return {
      limiters: {
        ...limiters,
        activitiesSuggest(request, response, next) {
          const path = request.originalUrl.split('?')[0] ?? '';
          const limiter =
            spelled.get(path) ?? createRateLimiter({ limits: rateLimits.activitiesSuggest, clock: systemClock });
          spelled.set(path, limiter);
          limiter(request, response, next);
        },
      },
    };
  });
