/** Defect: a limiter's refusal says too early a time, at which the client is refused again. */
import { changeError, runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      limiters.conversationsEnd(request, response, (error?: unknown) => next(changeError(error, 'rate_limited', 1))),
  },
}));
