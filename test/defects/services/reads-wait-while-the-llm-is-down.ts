/** Defect: reads are slower while the LLM's breaker is not closed. */
import { setTimeout as pause } from 'node:timers/promises';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers, limiters }) => ({
  limiters: {
    ...limiters,
    conversationsRead: async (request, response, next) => {
      if (breakers.llm.state !== 'closed') await pause(15);
      limiters.conversationsRead(request, response, next);
    },
  },
}));
