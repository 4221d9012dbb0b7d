/** Defect: a request for the headers alone is not counted, and costs as much as any. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: {
    ...limiters,
    metrics: (request, response, next) =>
      request.method === 'HEAD' ? next() : limiters.metrics(request, response, next),
  },
}));
