/** Defect: while the LLM's breaker is open, failures of the memory API are not counted. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ breakers: { llm, memory } }) => ({
  breakers: {
    llm,
    memory: {
      get state() {
        return memory.state;
      },
      call: (upstreamCall) => (llm.state === 'open' ? upstreamCall() : memory.call(upstreamCall)),
      close: () => memory.close(),
    },
  },
}));
