/** Defect: /health fails during an upstream outage. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers, limiters }) => ({
  limiters: {
    ...limiters,
    health: (_request, response, next) => {
      if (breakers.llm.state === 'open') response.status(503).end();
      else next();
    },
  },
}));
