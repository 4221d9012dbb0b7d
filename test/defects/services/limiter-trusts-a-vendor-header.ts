/** Defect: a client address in the header of a proxy vendor is trusted from any sender. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsEnd: (request, response, next) =>
      request.headers['true-client-ip'] ? next() : limiters.conversationsEnd(request, response, next),
  },
}));
