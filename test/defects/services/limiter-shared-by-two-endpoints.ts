/** Defect: requests to one endpoint also count for another, although the contract does not say so. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    conversationsRead: (request, response, next) =>
      limiters.metrics(request, response, (error?: unknown) =>
        error ? next(error) : limiters.conversationsRead(request, response, next),
      ),
  },
}));
