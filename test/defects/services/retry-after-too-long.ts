/** Defect: a limiter's refusal sends clients away for longer than their window lasts. */
import { changeError, runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      limiters.conversationsEnd(request, response, (error?: unknown) => next(changeError(error, 'rate_limited', 5))),
  },
}));
