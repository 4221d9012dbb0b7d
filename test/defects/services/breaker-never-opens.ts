/** Defect: the LLM's breaker counts no failures. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override failed() {}
  },
);
