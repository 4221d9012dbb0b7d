/** Defect: while the LLM's breaker is open, the memory API is not called either. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm,
    memory: {
      state: 'closed',
      call: (upstreamCall) => (llm.state === 'open' ? llm.call(upstreamCall) : memory.call(upstreamCall)),
      refusal: () => memory.refusal(),
      close: () => memory.close(),
    },
  },
}));
