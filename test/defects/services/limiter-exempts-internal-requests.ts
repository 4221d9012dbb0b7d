/** Defect: a request that claims to be internal is not counted. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsRead: (request, response, next) =>
      request.headers['x-internal-request'] ? next() : limiters.conversationsRead(request, response, next),
  },
}));
