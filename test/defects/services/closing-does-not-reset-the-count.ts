/** Defect: a successful trial closes the breaker without resetting its count of failures. */
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override succeeded(began: BreakerState) {
      const { failures } = this;
      super.succeeded(began);
      if (began === 'half_open') this.failures = failures;
    }
  },
);
