/** Defect: what is asked of one endpoint counts at one other, which does not stand beside it in the contract. */
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
