/** Defect: if a call that began before the breaker opened succeeds late, it ends the half-open state. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override isStale(began: PlainBreaker['state']) {
      return this.state !== 'half_open' && super.isStale(began);
    }

    protected override succeeded() {
      super.succeeded(this.state);
    }
  },
);
