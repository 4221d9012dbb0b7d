/** Defect: requests to one endpoint also count for another, although the contract does not say so. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-isolated',
  'other endpoints unaffected by the limit: conversation-read',
);

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: {
      ...limiters,
      conversationsRead: (request, response, next) =>
        limiters.metrics(request, response, (error?: unknown) =>
          error ? next(error) : limiters.conversationsRead(request, response, next),
        ),
    },
  }));
