/** Defect: while the LLM's breaker is open, the memory API is not called. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm,
    memory: aroundBreaker(memory, {
      call: (upstreamCall) => (llm.state === 'open' ? llm.call(upstreamCall) : memory.call(upstreamCall)),
    }),
  },
}));
