/** Defect: /health calls the memory API. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-reach-upstreams', 'upstreams of health');

if (import.meta.main)
  await runWithParts(({ memory, limiters, startBudget }) => ({
    limiters: {
      ...limiters,
      health: async (request, response, next) => {
        await memory.search('nobody', 'anything', startBudget());
        limiters.health(request, response, next);
      },
    },
  }));
