/** Defect: while the LLM's breaker is open, the refusals of one endpoint have no Retry-After. */
import { ServiceError } from '../../../service/base/errors.ts';
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-outage',
  'breaker-says-when',
  'refusals have a correct Retry-After: activities-suggest',
);

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      // Only suggestions call the breaker without checking its state first.
      llm: aroundBreaker(llm, {
        call: async (upstreamCall, name) => {
          if (llm.refusal()) throw new ServiceError('llm_circuit_open', 'The circuit breaker is open.');
          return llm.call(upstreamCall, name);
        },
      }),
      memory,
    },
  }));
