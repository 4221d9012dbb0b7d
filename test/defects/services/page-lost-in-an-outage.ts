/** Defect: once a breaker has opened, an unrelated endpoint stays broken. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'recovers', 'steady state after');

if (import.meta.main)
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
        openapi: (request, response, next) =>
          lost ? response.status(500).end() : limiters.openapi(request, response, next),
      },
    };
  });
