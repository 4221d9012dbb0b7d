/** Defect: an open breaker's refusal invites to come back at once, where it refuses again. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override refuse() {
      return changeError(super.refuse(), 'llm_circuit_open', 0);
    }
  },
);
