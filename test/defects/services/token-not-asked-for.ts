/** Defect: a request without a token speaks for whoever it likes. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ authentication }) => ({
  authentication: (request, response, next) => {
    if (request.headers.authorization !== undefined) return authentication(request, response, next);
    response.locals.userId = 'anybody';
    next();
  },
}));
