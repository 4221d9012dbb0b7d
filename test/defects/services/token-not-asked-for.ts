/** Defect: requests without a token are accepted. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-ask-for-proof', 'requires credentials: conversation-read');

if (import.meta.main)
  await runWithParts(({ authentication }) => ({
    authentication: (request, response, next) => {
      if (request.headers.authorization !== undefined) return authentication(request, response, next);
      response.locals.userId = 'anybody';
      next();
    },
  }));
