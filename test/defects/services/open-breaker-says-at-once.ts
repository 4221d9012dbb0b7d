/** Defect: the Retry-After of an open breaker is 0, although it still rejects calls then. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override refuse() {
      return changeError(super.refuse(), 'llm_circuit_open', 0);
    }
  },
);
