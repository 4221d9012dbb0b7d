/** Defect: a good trial closes a breaker whose count of failures stays where it was. */
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
