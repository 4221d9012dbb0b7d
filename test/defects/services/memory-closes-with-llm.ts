/** Defect: when the LLM's breaker closes, the memory API's breaker closes too. */
import { PlainBreaker } from '../plain-breaker.ts';
import { runWithParts } from '../run-with.ts';

await runWithParts((parts, { breakers }) => {
  let memory = new PlainBreaker('memory', parts, breakers);
  class AllIsWell extends PlainBreaker {
    protected override succeeded(began: PlainBreaker['state']) {
      super.succeeded(began);
      if (began === 'half_open') memory = new PlainBreaker('memory', parts, breakers);
    }
  }
  return {
    breakers: {
      llm: new AllIsWell('llm', parts, breakers),
      memory: {
        get state() {
          return memory.state;
        },
        call: (upstreamCall) => memory.call(upstreamCall),
        refusal: () => memory.refusal(),
        close: () => memory.close(),
      },
    },
  };
});
