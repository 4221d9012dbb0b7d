/** Defect: a breaker counts failures, and not failures in a row. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override succeeded() {
      if (this.state === 'half_open') super.succeeded(this.state);
    }
  },
);
