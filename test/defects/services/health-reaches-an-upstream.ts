/** Defect: /health calls the memory API. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ memory, limiters, startBudget }) => ({
  limiters: {
    ...limiters,
    health: async (request, response, next) => {
      await memory.search('nobody', 'anything', startBudget());
      limiters.health(request, response, next);
    },
  },
}));
