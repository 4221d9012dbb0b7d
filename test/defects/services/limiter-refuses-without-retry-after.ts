/** Defect: a 429 has no Retry-After header. */
import { changeError, runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      limiters.conversationsEnd(request, response, (error?: unknown) => {
        response.removeHeader('Retry-After');
        next(changeError(error, 'rate_limited', undefined));
      }),
  },
}));
