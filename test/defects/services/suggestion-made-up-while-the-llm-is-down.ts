/** Defect: while the LLM's breaker is open, an invented suggestion is returned. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    // Only suggestions call the breaker without checking its state first, because they still have other work to do.
    llm: aroundBreaker(llm, {
      call: (upstreamCall) => (llm.refusal() ? Promise.resolve('Take a walk.' as never) : llm.call(upstreamCall)),
    }),
    memory,
  },
}));
