/** Defect: a client address in a proxy vendor's header is trusted, no matter who sends it. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      request.headers['true-client-ip'] ? next() : limiters.conversationsEnd(request, response, next),
  },
}));
