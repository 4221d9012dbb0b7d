/** Defect: while the LLM's breaker is open, failures of the memory API are not counted. */
import { aroundBreaker } from '../around-breaker.ts';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/both-outages', 'outages-apart', 'opens independently: memory');

if (import.meta.main)
  await runWithParts(({ breakers: { llm, memory } }) => ({
    breakers: {
      llm,
      memory: aroundBreaker(memory, {
        call: (upstreamCall) => (llm.state === 'open' ? upstreamCall() : memory.call(upstreamCall)),
      }),
    },
  }));
