/** Defect: the Retry-After of a 429 is shorter than the rest of the window. */
import { changeError, runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      limiters.conversationsEnd(request, response, (error?: unknown) => next(changeError(error, 'rate_limited', 1))),
  },
}));
