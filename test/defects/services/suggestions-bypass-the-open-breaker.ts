/** Defect: while the LLM's breaker is open, suggestions call the LLM without it. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'chaos/llm-outage',
  'breaker-covers-endpoints',
  'goes through the breaker: activities-suggest',
  { says: 'activities-suggest bypasses the breaker' },
);

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      // Only suggestions call the breaker without checking its state first.
      llm: aroundBreaker(llm, {
        call: (upstreamCall, name) => (llm.refusal() ? upstreamCall() : llm.call(upstreamCall, name)),
      }),
      memory,
    },
  }));
