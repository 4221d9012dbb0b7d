/** Defect: HEAD requests are not counted. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    metrics: (request, response, next) =>
      request.method === 'HEAD' ? next() : limiters.metrics(request, response, next),
  },
}));
