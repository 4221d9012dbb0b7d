/** Defect: once a breaker has opened, an unrelated endpoint stays broken. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory }, limiters }) => {
  let lost = false;
  return {
    breakers: {
      llm: aroundBreaker(llm, {
        refusal: () => {
          lost ||= llm.state === 'open';
          return llm.refusal();
        },
      }),
      memory,
    },
    limiters: {
      ...limiters,
      docs: (request, response, next) => (lost ? response.status(500).end() : limiters.docs(request, response, next)),
    },
  };
});
