/** Defect: once a breaker was open, an endpoint that has nothing to do with it stays broken. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory }, limiters }) => {
  let lost = false;
  return {
    breakers: {
      llm: {
        state: 'closed',
        call: (upstreamCall) => {
          lost ||= llm.state === 'open';
          return llm.call(upstreamCall);
        },
        refusal: () => llm.refusal(),
        close: () => llm.close(),
      },
      memory,
    },
    limiters: {
      ...limiters,
      docs: (request, response, next) => (lost ? response.status(500).end() : limiters.docs(request, response, next)),
    },
  };
});
