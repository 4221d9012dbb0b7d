/** Defect: whatever ends while half-open decides, also a success of a call from before the opening. */
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
