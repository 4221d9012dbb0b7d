/** Defect: the Retry-After of a 429 is longer than the window. */

import { caughtBy } from '../defect.ts';
import { changeError, runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/rate-limits', 'rate-limit-retry-after', 'correct Retry-After: conversation-end');

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsEnd: (request, response, next) =>
        limiters.conversationsEnd(request, response, (error?: unknown) => next(changeError(error, 'rate_limited', 5))),
    },
  }));
