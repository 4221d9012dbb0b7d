/** Defect: while the LLM's breaker is open, a suggestion that it did not make is answered as if it were one. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    // Only a suggestion calls without asking first: what comes before it is worth doing for its own sake.
    llm: aroundBreaker(llm, {
      call: (upstreamCall) => (llm.refusal() ? Promise.resolve('Take a walk.' as never) : llm.call(upstreamCall)),
    }),
    memory,
  },
}));
