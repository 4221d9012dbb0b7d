/** Defect: the Retry-After of an open breaker is longer than it stays open. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';
import { changeError } from '../run-with.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override refuse() {
      return changeError(super.refuse(), 'llm_circuit_open', this.settings.recoveryTimeoutMs / 1_000 + 1);
    }
  },
);
