/** Defect: reads are slower while the LLM's breaker is not closed. */
import { setTimeout as pause } from 'node:timers/promises';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-isolation',
  'untouched-stay-as-fast',
  'conversation-read as fast while its breaker is open',
);

if (import.meta.main)
  await runWithParts(({ breakers, limiters }) => ({
    limiters: {
      ...limiters,
      conversationsRead: async (request, response, next) => {
        if (breakers.llm.state !== 'closed') await pause(15);
        limiters.conversationsRead(request, response, next);
      },
    },
  }));
