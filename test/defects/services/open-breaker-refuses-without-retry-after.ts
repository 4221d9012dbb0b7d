/** Defect: an open breaker's response has no Retry-After header. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override refuse() {
      return changeError(super.refuse(), 'llm_circuit_open', undefined);
    }
  },
);
