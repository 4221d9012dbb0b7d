/** Defect: while the LLM's breaker is open, one endpoint takes the refusal for an internal error. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-outage',
  'breaker-covers-endpoints',
  'refused while open: activities-suggest',
);

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      // Only suggestions call the breaker without checking its state first.
      llm: aroundBreaker(llm, {
        call: async (upstreamCall, name) => {
          if (llm.refusal()) throw new Error('the breaker is open');
          return llm.call(upstreamCall, name);
        },
      }),
      memory,
    },
  }));
