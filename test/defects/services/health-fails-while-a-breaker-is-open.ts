/** Defect: /health fails during an upstream outage. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'outage-isolated', 'health unaffected');

if (import.meta.main)
  await runWithParts(({ breakers, limiters }) => ({
    limiters: {
      ...limiters,
      health: (_request, response, next) => {
        if (breakers.llm.state === 'open') response.status(503).end();
        else next();
      },
    },
  }));
