/** Defect: while the LLM's breaker is open, an invented suggestion is returned. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-outage',
  'not-served-while-open',
  'not served while open: activities-suggest',
);

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      // Only suggestions call the breaker without checking its state first, because they still have other work to do.
      llm: aroundBreaker(llm, {
        call: (upstreamCall) => (llm.refusal() ? Promise.resolve('Take a walk.' as never) : llm.call(upstreamCall)),
      }),
      memory,
    },
  }));
