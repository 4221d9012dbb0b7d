/** Defect: while the LLM's breaker is open, the memory API is not called. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'outage-isolated', 'memory breaker unaffected');

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      llm,
      memory: aroundBreaker(memory, {
        call: (upstreamCall) => (llm.state === 'open' ? llm.call(upstreamCall) : memory.call(upstreamCall)),
      }),
    },
  }));
