/** Defect: /health calls the LLM to find out whether it works again, once its breaker may be tried. */
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'trial-by-own-calls', 'makes no trial: health', {
  says: 'health calls groq and makes the trial',
});

if (import.meta.main)
  await runWithParts(({ llm, breakers, limiters, startBudget }) => ({
    limiters: {
      ...limiters,
      health: async (request, response, next) => {
        if (breakers.llm.state === 'half_open') {
          const ping = () => llm.invoke([{ role: 'user', content: 'ping' }], startBudget());
          await breakers.llm.call(ping, 'health').catch(() => {});
        }
        limiters.health(request, response, next);
      },
    },
  }));
