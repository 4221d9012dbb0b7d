/** Defect: a breaker counts all failures instead of consecutive ones. */
import { PlainBreaker, runWithLlmBreaker } from '../plain-breaker.ts';

await runWithLlmBreaker(
  class extends PlainBreaker {
    protected override succeeded() {
      if (this.state === 'half_open') super.succeeded(this.state);
    }
  },
);
