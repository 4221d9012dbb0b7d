/** Defect: while the LLM's breaker is open, failures of the memory API are not counted. */
import { aroundBreaker } from '../around-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm,
    memory: aroundBreaker(memory, {
      call: (upstreamCall) => (llm.state === 'open' ? upstreamCall() : memory.call(upstreamCall)),
    }),
  },
}));
